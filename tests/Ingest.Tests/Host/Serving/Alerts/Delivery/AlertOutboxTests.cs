using System.Collections.Concurrent;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Tests.Sources.Checkpoints;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>What was taken in is delivered, whatever happens to the program and the disk.</summary>
public sealed class AlertOutboxTests(ITestOutputHelper output)
{
    private static readonly string[] Both = ["a", "b"];

    private readonly ConcurrentQueue<string> said = new();

    [Fact]
    public async Task EachChannel_HasItsOwnPlaceAndFindsItAgain()
    {
        var files = new MemoryFiles();
        await using (var first = Open(files))
        {
            Assert.True(await OfferAsync(first, Samples.Message("k1"), Samples.Message("k2"), Samples.Message("k3")));
            await SettleAsync(first, "a", "k1");
            await SettleAsync(first, "a", "k2");
            await SettleAsync(first, "b", "k1");
        }

        await using var second = Open(files.AfterPowerCut());
        Assert.Equal(["k3"], Keys(second, "a"));
        Assert.Equal(["k2", "k3"], Keys(second, "b"));
        Assert.Equal(Samples.Message("k3").Vi.Line, second.Lane("a").Waiting[0].Message.Vi.Line);
        Assert.Equal((0, 0), (second.Lane("a").Counts.Sent, second.Lane("a").Counts.Replaced));
        Assert.Empty(said);
    }

    [Fact]
    public async Task OfAKey_OnlyTheNewestWaits()
    {
        var files = new MemoryFiles();
        await using (var outbox = Open(files))
        {
            await OfferAsync(outbox, Samples.Message("k1", 1), Samples.Message("k2", 1));
            await OfferAsync(outbox, Samples.Message("k1", 2, DeliveryState.Resolved));
            Assert.Equal(["k2 1", "k1 2"], outbox.Lane("a").Waiting.Select(static entry => $"{entry.Message.Key} {entry.Message.Number}"));
            Assert.Equal(1, outbox.Lane("a").Counts.Replaced);
        }

        await using var next = Open(files.AfterKill());
        Assert.Equal(["k2 1", "k1 2"], next.Lane("a").Waiting.Select(static entry => $"{entry.Message.Key} {entry.Message.Number}"));
    }

    /// <summary>A crash before the planner's state was kept makes it plan the same message again.</summary>
    [Fact]
    public async Task TheSameMessageOfferedAgain_IsKeptOnce_AlsoWhenItWasDeliveredAndAcrossARestart()
    {
        var files = new MemoryFiles();
        await using (var outbox = Open(files))
        {
            await OfferAsync(outbox, Samples.Message("k1"), Samples.Message("k1"));
            await SettleAsync(outbox, "a", "k1");
            await OfferAsync(outbox, Samples.Message("k1"));
            Assert.Empty(Keys(outbox, "a"));
        }

        for (var start = 0; start < 2; start++)
        {
            await using var next = Open(files);
            await OfferAsync(next, Samples.Message("k1"));
            Assert.Empty(Keys(next, "a"));
            Assert.Equal(["k1"], Keys(next, "b"));
        }
    }

    [Fact]
    public void MoreKeysThanThereIsRoomFor_GiveUpTheLeastGraveOfTheOldest()
    {
        var lane = new OutboxLane("a", TimeProvider.System);
        var (alarm, watch) = (Samples.Message("k"), Samples.Message("k", grade: AlertGrade.Watch));
        for (var i = 0; i < OutboxLane.MostWaiting; i++)
        {
            Assert.Null(lane.Add(new OutboxEntry(i, 0, (i == 7 ? watch : alarm) with { Key = $"k{i}" })));
        }

        string[] given = ["one more", "last", "idle"];
        var least = given.Select((key, i) => lane.Add(new OutboxEntry(
            OutboxLane.MostWaiting + i, 0, Samples.Message(key, grade: key == "idle" ? AlertGrade.Report : AlertGrade.Alarm)))!.Message.Key);
        Assert.Equal(["k7", "k0", "idle"], least);
        Assert.Equal(OutboxLane.MostWaiting, lane.Count);
        Assert.Equal(new KeyValuePair<string, long>("full", 3), Assert.Single(lane.Counts.Dead));
    }

    /// <summary>Told in a sentence and kept going: a disk must not keep an alert from anybody.</summary>
    [Fact]
    public async Task ADiskThatFails_CostsDurabilityAndNotDelivery_AndIsUsedAgainWhenItWorks()
    {
        var files = new MemoryFiles();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using (var outbox = Open(files, time))
        {
            files.FailFrom = files.Calls + 1;
            Assert.False(await OfferAsync(outbox, Samples.Message("k1")));
            Assert.Equal(["k1"], Keys(outbox, "a"));
            Assert.Contains("could not be written: No space left on device", Assert.Single(said));
            files.FailFrom = int.MaxValue;
            time.Advance(TimeSpan.FromSeconds(6));
            Assert.True(await OfferAsync(outbox, Samples.Message("k2")));
            Assert.EndsWith("is written again.", said.Last());
        }

        await using var next = Open(files.AfterPowerCut());
        Assert.Equal(["k1", "k2"], Keys(next, "a"));
    }

    [Fact]
    public async Task ATornTail_IsLeftOut_AndADamagedLineIsSaid()
    {
        var files = new MemoryFiles();
        await using (var outbox = Open(files))
        {
            await OfferAsync(outbox, Samples.Message("k1"));
            await OfferAsync(outbox, Samples.Message("k2"));
        }

        var name = Assert.Single(files.List());
        var whole = files[name];
        files[name] = whole[..^40];
        await using (var torn = Open(files.AfterKill()))
        {
            Assert.Equal(["k1"], Keys(torn, "a"));
            Assert.Empty(said);
        }

        whole[whole.AsSpan().IndexOf("\"k1\""u8) + 1] ^= 1;
        files[name] = whole;
        await using var damaged = Open(files.AfterKill());
        Assert.Equal(["k2"], Keys(damaged, "a"));
        Assert.Contains("1 lines cannot be read", Assert.Single(said));
    }

    [Fact]
    public async Task AChannelThatIsNoMore_IsSaid_AndTheOthersKeepTheirs()
    {
        var files = new MemoryFiles();
        await using (var outbox = Open(files))
        {
            await OfferAsync(outbox, Samples.Message("k1"));
        }

        await using var next = AlertOutbox.Open(files, null, [new OutboxLane("b", TimeProvider.System)], TimeProvider.System, said.Enqueue);
        Assert.Equal(["k1"], Keys(next, "b"));
        Assert.Contains("'a' is not in the settings any more: 1 messages", Assert.Single(said));
    }

    /// <summary>
    /// Every point at which the program can be killed or lose its power, over a history of offers, settlements and restarts: what was said to be kept is there,
    /// what was settled is not, and nothing else.
    /// </summary>
    [Fact]
    public async Task KilledAtAnyCall_NothingPromisedIsLostAndNothingSettledComesBack()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var crashes = 0;
        for (var crash = 1; await SurvivesAsync(seed, crash); crash++)
        {
            crashes++;
        }

        output.WriteLine($"{crashes} crashes");
        Assert.InRange(crashes, 50, 1_000);
    }

    /// <summary>Runs the history until the disk's nth call fails and never works again, as for a process that is gone. False when it had fewer calls.</summary>
    private async Task<bool> SurvivesAsync(int seed, int crash)
    {
        var random = new Random(seed);
        var files = new MemoryFiles { FailFrom = crash };
        var (kept, ended) = (new Dictionary<string, long>(), false);
        Dictionary<string, long>? perhaps = null; // what is kept if the step under way at the crash is on disk
        var numbers = new Dictionary<string, long>();
        for (var start = 0; start < 3 && !ended; start++)
        {
            await using var outbox = Open(files);
            for (var step = 0; step < 12 && !ended; step++)
            {
                var (key, next) = ($"k{random.Next(4)}", new Dictionary<string, long>(kept));
                if (random.Next(3) > 0 || outbox.Lane("a").Waiting is not [var entry, ..])
                {
                    next[key] = numbers[key] = numbers.GetValueOrDefault(key) + 1;
                    ended = !await OfferAsync(outbox, Samples.Message(key, next[key]));
                }
                else
                {
                    next.Remove(entry.Message.Key);
                    ended = !await outbox.SettleAsync([new OutboxSettle("a", entry.Id, entry.Message.Key, null, null)]);
                }

                (kept, perhaps) = ended ? (kept, next) : (next, null);
            }
        }

        foreach (var left in new[] { files.AfterKill(), files.AfterPowerCut() })
        {
            await using var after = Open(left);
            var waiting = after.Lane("a").Waiting.ToDictionary(static one => one.Message.Key, static one => one.Message.Number);
            Assert.True(Same(waiting, kept) || (perhaps is not null && Same(waiting, perhaps)),
                $"seed {seed}, crash {crash}: {string.Join(' ', waiting)} where {string.Join(' ', kept)} was promised");
        }

        return ended;
    }

    private static bool Same(Dictionary<string, long> one, Dictionary<string, long> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var number) && number == pair.Value);

    private AlertOutbox Open(MemoryFiles files, TimeProvider? time = null) => AlertOutbox.Open(
        files, null, Both.Select(name => new OutboxLane(name, time ?? TimeProvider.System)), time ?? TimeProvider.System, said.Enqueue);

    private static Task<bool> OfferAsync(AlertOutbox outbox, params DeliveryMessage[] messages) =>
        outbox.OfferAsync([.. messages.Select(static message => (message, (IReadOnlyList<string>)Both))]);

    private static Task<bool> SettleAsync(AlertOutbox outbox, string channel, string key)
    {
        var entry = outbox.Lane(channel).Waiting.Single(entry => entry.Message.Key == key);
        return outbox.SettleAsync([new OutboxSettle(channel, entry.Id, key, null, null)]);
    }

    private static IReadOnlyList<string> Keys(AlertOutbox outbox, string channel) => [.. outbox.Lane(channel).Waiting.Select(static entry =>
        entry.Message.Key)];
}
