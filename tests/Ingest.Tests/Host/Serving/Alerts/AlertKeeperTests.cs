using System.Collections.Concurrent;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Tests.Sources.Checkpoints;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>What one run knew of its alerts, another knows.</summary>
public sealed class AlertKeeperTests
{
    private const string Name = AlertKeeper.FileName;
    private static readonly RememberedAlert Firing =
        new("below_target:fully_online:30d", "11953", 1_752_000_000_000, 1_752_000_060_000, null, 60_000, 25, 5, 0.7);
    private static readonly RememberedAlert Low =
        new("low_volume:volume:since:2025-07-01", "11977", 1_752_000_000_000, 1_752_000_060_000, 1_752_000_070_000, 0, 50, null, null);

    private readonly ConcurrentQueue<string> said = new();

    [Fact]
    public async Task WhatWasKnown_IsTakenOver_AndTheNewestIsWhatIsKept()
    {
        var files = new MemoryFiles();
        await KeepAsync(files, [Firing, Low]);
        Assert.Equal([Firing, Low], Keeper(files.AfterPowerCut()).Recall().Alerts);
        await KeepAsync(files, [Firing]);
        Assert.Equal([Firing], Keeper(files.AfterPowerCut()).Recall().Alerts);
        Assert.Empty(said);
    }

    [Fact]
    public async Task DaysThatAreOnlyExpected_OutliveARestart()
    {
        var files = new MemoryFiles();
        CalendarDay[] days =
            [new(new DateOnly(2027, 2, 5), false) { IsExpected = true, Name = "Tết" }, new(new DateOnly(2027, 2, 13), true) { IsMorning = true }];
        await KeepAsync(files, [Firing with { Evidence = new AlertEvidence { Count = 0, Calendar = "c@1 + u@2", ExpectedDays = days } }]);
        var evidence = Assert.Single(Keeper(files.AfterPowerCut()).Recall().Alerts).Evidence!;
        Assert.Equal("c@1 + u@2", evidence.Calendar);
        Assert.Equal(days, evidence.ExpectedDays);
    }

    /// <summary>What an earlier version's webhook had not taken is the outbox's once, and is gone from the file only when it is on disk there.</summary>
    [Fact]
    public async Task WhatAnEarlierVersionLeftWaiting_IsTheOutboxsOnce()
    {
        var files = new MemoryFiles();
        new StateNote(files, Name).Write(System.Text.Encoding.UTF8.GetBytes($$"""{"alerts":[],"waiting":[{{Waiting("11953")}},{{Waiting("11977")}}]}"""));
        var taken = new TaskCompletionSource();
        var outlet = new Outlet(taken.Task);
        var keeper = new AlertKeeper(new StateNote(files, Name), outlet, said.Enqueue);
        Assert.Empty(keeper.Recall().Alerts);
        Assert.Equal(["11953", "11977"], outlet.Waiting.Select(static message => message.Unit));
        _ = keeper.Keep(Life([Firing]));
        var running = keeper.RunAsync();
        Assert.Equal(2, KeptAlerts.TryParse(Line(files))!.Waiting.Count);
        taken.SetResult();
        keeper.Complete();
        await running;
        Assert.Empty(KeptAlerts.TryParse(Line(files))!.Waiting);
        var message = OlderMessage.Of(outlet.Waiting[0]);
        Assert.Equal(("low_volume:arisen:x/11953/0", 1L, DeliveryState.Firing), (message.Key, message.Number, message.State));
        Assert.Equal("CẢNH BÁO: phường Phố Hiến (11953): 12 hồ sơ", message.Vi.Line);
    }

    [Fact]
    public async Task NothingNew_IsNotWrittenAgain()
    {
        var files = new MemoryFiles();
        await KeepAsync(files, [Firing]);
        var calls = files.Calls;
        Assert.InRange(calls, 4, 6);
    }

    [Fact]
    public async Task DiskThatFails_IsSaidOnceAndAgainWhenItIsOver()
    {
        var files = new MemoryFiles { FailFrom = 1 };
        var keeper = Keeper(files);
        var running = keeper.RunAsync();
        _ = keeper.Keep(Life([Firing]));
        await UntilAsync(() => files.Calls >= 1);
        _ = keeper.Keep(Life([Firing, Low]));
        await UntilAsync(() => files.Calls >= 2);
        files.FailFrom = int.MaxValue;
        keeper.Complete();
        await running;

        Assert.Equal([$"{Name} in memory could not be written: No space left on device See to the disk, for after a restart alerts would be told again.",
            $"{Name} in memory is written again."], said);
        Assert.Equal([Firing, Low], Keeper(files).Recall().Alerts);
    }

    [Theory]
    [InlineData("{\"alerts\":[],\"waiting\":[]}\ncrc32c 00000000\n")]
    [InlineData("")]
    public void DamagedFile_IsSaidAndTakenAsNone(string text)
    {
        var files = new MemoryFiles { [Name] = System.Text.Encoding.UTF8.GetBytes(text) };

        Assert.Empty(Keeper(files).Recall().Alerts);
        Assert.Equal([$"{Name} in memory is damaged: alerts that hold still are told again, and silences are forgotten."], said);
    }

    /// <summary>Of another program's making, or of a later one's: sound, and not understood.</summary>
    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"alerts\":[{\"rule\":null,\"unit\":\"11953\"}],\"waiting\":[]}")]
    public void StrangeContents_AreSaidAndTakenAsNone(string line)
    {
        var files = new MemoryFiles();
        new StateNote(files, Name).Write(System.Text.Encoding.UTF8.GetBytes(line));

        Assert.Empty(Keeper(files).Recall().Alerts);
        Assert.Single(said);
    }

    private static byte[] Line(MemoryFiles files) => new StateNote(files.AfterPowerCut(), Name).TryRead(out var line) ? line : [];

    private static string Waiting(string unit) => $$"""
        {"id":"low_volume:arisen:x/{{unit}}/0","text":"CẢNH BÁO: phường Phố Hiến ({{unit}}): 12 hồ sơ","state":"firing","previous":"pending",
        "at":"2025-07-16T00:00:00.250+07:00","severity":"warning","rule":"low_volume:arisen:x","figure":"arisen","figure_name":"Số hồ sơ",
        "period":"x",
        "unit":"{{unit}}","unit_name":"phường Phố Hiến","denominator":12,"numerator":null,"threshold":50,"pending_since":"2025-07-16T00:00:00.250+07:00",
        "firing_since":"2025-07-16T00:00:00.250+07:00","resolved_at":null}
        """.ReplaceLineEndings("");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static RememberedLife Life(IReadOnlyList<RememberedAlert> alerts) => new(alerts, [], []);

    private AlertKeeper Keeper(MemoryFiles files) => new(new StateNote(files, Name), null, said.Enqueue);

    private async Task KeepAsync(MemoryFiles files, IReadOnlyList<RememberedAlert> alerts)
    {
        var keeper = Keeper(files);
        _ = keeper.Keep(Life(alerts));
        keeper.Complete();
        await keeper.RunAsync();
    }

    private sealed class Outlet(Task taken) : INotificationOutlet
    {
        public IReadOnlyList<AlertMessage> Waiting { get; private set; } = [];

        public Task OfferAsync(IReadOnlyList<AlertNotification> notifications) => Task.CompletedTask;

        public Task TakeOverAsync(IReadOnlyList<AlertMessage> waiting)
        {
            Waiting = waiting;
            return taken;
        }
    }
}
