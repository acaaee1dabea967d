using System.Diagnostics;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>A channel's loop against a real receiver, in a time in which every wait is over at once.</summary>
public sealed class ChannelDeliveryTests
{
    private static readonly DeliveryPolicy Patient = DeliveryPolicy.Default with { Timeout = TimeSpan.FromHours(2), Random = static () => 0.5 };

    [Fact]
    public async Task ABrokenReceiver_IsTriedAgainWithGrowingPausesThatDiffer_AndLosesNothing()
    {
        await using var receiver = await HttpReceiver.StartAsync(static number => number <= 9 ? 503 : 200);
        await using var run = new Run(receiver.Url, Patient with { Random = new Random(7).NextDouble });
        await run.OfferAsync(Samples.Message("a"));
        var told = (await receiver.NextAsync(10)).Select(static one => one.Told).ToList();
        await run.UntilAsync(static delivery => delivery.Counts.Sent == 1);

        Assert.All(told, static one => Assert.Equal("a 1 firing", one));
        var pauses = run.Time.Waits.Take(9).Select(static pause => pause.TotalSeconds).ToList();
        Assert.InRange(pauses[0], 0, 3);
        Assert.All(pauses, static pause => Assert.InRange(pause, 0, 60));
        Assert.Equal(60, pauses[^1]);
        Assert.True(pauses[4] > pauses[0] && pauses.Distinct().Count() > 5, string.Join(' ', pauses));
        Assert.Equal((9, 0, 0), (run.Delivery.Retried, run.Delivery.Refused, run.Delivery.WaitingCount));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 1)]
    [InlineData("999999", 1_800)]
    [InlineData(null, -1)]
    public async Task RetryAfter_IsHonouredInSecondsAndAsADate(string? seconds, double expected)
    {
        var asked = DateTimeOffset.UtcNow.AddMinutes(7);
        await using var receiver = await HttpReceiver.StartAsync((context, _, number) =>
        {
            context.Response.StatusCode = number == 1 ? StatusCodes.Status429TooManyRequests : 200;
            context.Response.Headers.RetryAfter = number > 1 ? default : seconds ?? asked.ToString("R");
            return Task.CompletedTask;
        });
        await using var run = new Run(receiver.Url, Patient with { LongestRetryAfter = TimeSpan.FromMinutes(30) });
        await run.OfferAsync(Samples.Message("a"));
        await receiver.NextAsync(2);
        var pause = run.Time.Waits[0];
        Assert.InRange(pause.TotalSeconds, expected < 0 ? 410 : expected, expected < 0 ? 421 : expected);
    }

    [Fact]
    public async Task WhatCanNeverBeTaken_IsGivenUpWithAReasonAndBlocksNothing()
    {
        await using var receiver = await HttpReceiver.StartAsync((context, got, _) =>
        {
            context.Response.StatusCode = (string)got.Json["id"]! == "bad" ? 400 : 204;
            return Task.CompletedTask;
        });
        using var folder = new TemporaryFolder();
        await using (var run = new Run(receiver.Url, Patient, folder))
        {
            await run.OfferAsync(Samples.Message("bad"), Samples.Message("good"));
            Assert.Equal(["bad 1 firing", "good 1 firing"], (await receiver.NextAsync(2)).Select(static one => one.Told));
            await run.UntilAsync(static delivery => delivery.Counts.Sent == 1);
            Assert.Equal(new KeyValuePair<string, long>("http_400", 1), Assert.Single(run.Delivery.Counts.Dead));
            Assert.Equal(("", 0), (run.Delivery.Error, run.Delivery.WaitingCount));
        }

        var kept = JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(folder.File(UndeliveredFile.FileName))))!;
        Assert.Equal(("hook", "http_400", "bad"), ((string)kept["channel"]!, (string)kept["reason"]!, (string)kept["message"]!["key"]!));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(StatusCodes.Status307TemporaryRedirect)]
    public async Task WhatIsRefusedForItsAddress_LetsOthersPass_AndIsTriedAgainLater(int refusal)
    {
        await using var receiver = await HttpReceiver.StartAsync(number => number == 1 ? refusal : 200);
        await using var run = new Run(receiver.Url, Patient);
        await run.OfferAsync(Samples.Message("a"), Samples.Message("b"));
        Assert.Equal(["a 1 firing", "b 1 firing", "a 1 firing"], (await receiver.NextAsync(3)).Select(static one => one.Told));
        await run.UntilAsync(static delivery => delivery.Counts.Sent == 2);
        Assert.Equal((1, 0, 0L), (run.Delivery.Refused, run.Delivery.Retried, run.Delivery.Counts.AllDead));
        Assert.Contains(run.Time.Waits, static wait => wait > TimeSpan.FromMinutes(9));
    }

    /// <summary>
    /// While the receiver is away every key changes many times; when it is back it is told the newest of each, the gravest first, one a second.
    /// </summary>
    [Fact]
    public async Task AReceiverThatWasAwayForHours_IsToldTheNewestOfEachKeyAtAPace()
    {
        var isBack = false;
        await using var receiver = await HttpReceiver.StartAsync(_ => Volatile.Read(ref isBack) ? 200 : 503);
        await using var run = new Run(receiver.Url, Patient);
        await run.OfferAsync(Samples.Message("k0"));
        for (var number = 2; number <= 40; number++)
        {
            await run.OfferAsync([.. Enumerable.Range(0, 5).Select(key => Samples.Message(
                $"k{key}", number, number % 2 == 0 ? DeliveryState.Firing : DeliveryState.Resolved, key == 3 ? AlertGrade.Critical : AlertGrade.Alarm))]);
        }

        var before = run.Delivery.Retried; // from the attempt after next on, all that was offered is seen
        await run.UntilAsync(delivery => delivery.Retried >= before + 4);
        Assert.Equal(5, run.Delivery.WaitingCount);
        Assert.Contains("5 alert messages are not delivered: the channel 'hook' at http://127.0.0.1:", run.Delivery.Undelivered);
        Volatile.Write(ref isBack, true);
        await run.UntilAsync(static delivery => delivery.Counts.Sent == 5);
        await run.StopAsync();
        var all = await receiver.NextAsync(receiver.Waiting);
        Assert.Equal(["k3 40 firing", "k0 40 firing", "k1 40 firing", "k2 40 firing", "k4 40 firing"], all.TakeLast(5).Select(static one => one.Told));
        Assert.True(run.Time.Waits.Count(static wait => wait == TimeSpan.FromSeconds(1)) >= 4);
        Assert.Equal("", run.Delivery.Undelivered);
    }

    [Fact]
    public async Task NumbersOfAKey_NeverGoBack_WhileOthersAreOfferedAndTheReceiverFailsAtRandom()
    {
        var random = new Random(15);
        await using var receiver = await HttpReceiver.StartAsync(_ =>
        {
            lock (random)
            {
                return random.Next(3) == 0 ? 500 : 200;
            }
        });
        await using var run = new Run(receiver.Url, Patient);
        for (var number = 1; number <= 60; number++)
        {
            await run.OfferAsync(Samples.Message("a", number), Samples.Message("b", number));
        }

        await run.UntilAsync(static delivery => delivery.WaitingCount == 0);
        var told = (await receiver.NextAsync(receiver.Waiting)).Select(static one =>
            (Key: (string)one.Json["id"]!, Number: (long)one.Json["number"]!)).ToList();
        foreach (var key in told.GroupBy(static one => one.Key))
        {
            Assert.Equal(key.Select(static one => one.Number).Order(), key.Select(static one => one.Number));
            Assert.Equal(60, key.Last().Number);
        }
    }

    [Fact]
    public async Task AReceiverThatDoesNotAnswer_IsTriedAgainAfterTheTimeLimit()
    {
        var never = new TaskCompletionSource();
        await using var receiver = await HttpReceiver.StartAsync((_, _, number) => number == 1 ? never.Task : Task.CompletedTask);
        var hasty = DeliveryPolicy.Default with { Timeout = TimeSpan.FromMilliseconds(200), FirstPause = TimeSpan.FromMilliseconds(1) };
        await using var run = new Run(receiver.Url, hasty, time: TimeProvider.System);
        await run.OfferAsync(Samples.Message("a"));
        Assert.Equal(2, (await receiver.NextAsync(2)).Count);
        never.SetResult();
    }

    /// <summary>A delivery at work, stopped at the end of the test.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly AlertOutbox outbox;
        private readonly Task running;

        public Run(Uri url, DeliveryPolicy policy, TemporaryFolder? folder = null, TimeProvider? time = null)
        {
            time ??= Time;
            var dead = folder is null ? null : new UndeliveredFile(folder.File(UndeliveredFile.FileName), time);
            outbox = AlertOutbox.Open(new MemoryFiles(), dead, [new OutboxLane("hook", time)], time, static _ => { });
            Delivery = new ChannelDelivery(Samples.Open(Samples.Webhook(url), time), outbox, policy, time, NullLogger.Instance);
            running = Delivery.RunAsync(stop.Token);
        }

        public HurriedTime Time { get; } = new();

        public ChannelDelivery Delivery { get; }

        public Task<bool> OfferAsync(params DeliveryMessage[] messages) =>
            outbox.OfferAsync([.. messages.Select(static message => (message, (IReadOnlyList<string>)["hook"]))]);

        public async Task UntilAsync(Func<ChannelDelivery, bool> condition)
        {
            var since = Stopwatch.StartNew();
            while (!condition(Delivery))
            {
                Assert.True(since.Elapsed < KpiStreamProcess.Limit, $"{Delivery.WaitingCount} wait, {Delivery.Counts.Sent} sent, {Delivery.Error}");
                await Task.Yield();
            }
        }

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Delivery.Dispose();
            await outbox.DisposeAsync();
            stop.Dispose();
        }
    }
}
