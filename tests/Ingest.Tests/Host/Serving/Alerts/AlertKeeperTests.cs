using System.Collections.Concurrent;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using Microsoft.Extensions.Logging.Abstractions;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>What one run knew of its alerts, another knows.</summary>
public sealed class AlertKeeperTests
{
    private const string Name = AlertKeeper.FileName;
    private static readonly AlertText Text = new(Shipped.Rulebook(), Shipped.Units("hungyen"));
    private static readonly RememberedAlert Firing =
        new("below_target:fully_online:30d", "11953", 1_752_000_000_000, 1_752_000_060_000, null, 60_000, 25, 5, 0.7);
    private static readonly RememberedAlert Low =
        new("low_volume:volume:since:2025-07-01", "11977", 1_752_000_000_000, 1_752_000_060_000, 1_752_000_070_000, 0, 50, null, null);

    private readonly ConcurrentQueue<string> said = new();

    [Fact]
    public async Task WhatWasKnownAndWaiting_IsTakenOverInItsOrder()
    {
        var files = new MemoryFiles();
        using var first = Delivery();
        first.Offer(Message("11953"));
        first.Offer(Message("11977"));
        await KeepAsync(files, first, [Firing, Low]);

        using var second = Delivery();
        Assert.Equal([Firing, Low], Keeper(files.AfterPowerCut(), second).Recall().Alerts);
        Assert.Equal(first.Waiting, second.Waiting);
        Assert.Equal(2, second.Waiting.Count);
        Assert.Empty(said);
    }

    /// <summary>A settled message is not told again, and an alert that is over is not known any more.</summary>
    [Fact]
    public async Task TheNewest_IsWhatIsKept()
    {
        var files = new MemoryFiles();
        await using (var receiver = await WebhookReceiver.StartAsync(_ => 204))
        {
            using var stop = new CancellationTokenSource();
            using var delivery = Delivery(receiver.Url);
            var keeper = Keeper(files, delivery);
            delivery.Settled = keeper.Settle;
            delivery.Offer(Message("11953"));
            _ = keeper.Keep(Life([Firing]));
            var running = (keeper.RunAsync(), delivery.RunAsync(stop.Token));
            await receiver.NextAsync();
            await UntilAsync(() => KeptAlerts.TryParse(Line(files))?.Waiting.Count == 0);
            Assert.Equal([Firing], KeptAlerts.TryParse(Line(files))!.Alerts);
            _ = keeper.Keep(Life([]));
            await stop.CancelAsync();
            keeper.Complete();
            await Task.WhenAll(running.Item1, running.Item2);
        }

        using var next = Delivery();
        Assert.Empty(Keeper(files, next).Recall().Alerts);
        Assert.Empty(next.Waiting);
    }

    [Fact]
    public async Task NothingNew_IsNotWrittenAgain()
    {
        var files = new MemoryFiles();
        await KeepAsync(files, null, [Firing]);
        var calls = files.Calls;
        Assert.InRange(calls, 4, 6);
    }

    [Fact]
    public async Task DiskThatFails_IsSaidOnceAndAgainWhenItIsOver()
    {
        var files = new MemoryFiles { FailFrom = 1 };
        var keeper = Keeper(files, null);
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
        Assert.Equal([Firing, Low], Keeper(files, null).Recall().Alerts);
    }

    [Theory]
    [InlineData("{\"alerts\":[],\"waiting\":[]}\ncrc32c 00000000\n")]
    [InlineData("")]
    public void DamagedFile_IsSaidAndTakenAsNone(string text)
    {
        var files = new MemoryFiles { [Name] = System.Text.Encoding.UTF8.GetBytes(text) };

        Assert.Empty(Keeper(files, null).Recall().Alerts);
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

        Assert.Empty(Keeper(files, null).Recall().Alerts);
        Assert.Single(said);
    }

    private static byte[] Line(MemoryFiles files) => new StateNote(files.AfterPowerCut(), Name).TryRead(out var line) ? line : [];

    private static AlertMessage Message(string unit)
    {
        var reading = new AlertReading(AlertSettings.DefaultLowVolume, unit, 12, null, null, HasData: true);
        return AlertMessage.Of(new AlertTransition(
            new Alert(reading.Rule, unit, AlertState.Firing, 0, 0, null, reading, IsMissing: false), AlertState.Inactive, 0), Text);
    }

    private static WebhookDelivery Delivery(Uri? url = null) =>
        new(new WebhookSettings(url ?? new Uri("http://127.0.0.1:1/hook"), null, null), WebhookPolicy.Default, TimeProvider.System, NullLogger.Instance);

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

    private AlertKeeper Keeper(MemoryFiles files, WebhookDelivery? webhook) => new(new StateNote(files, Name), webhook, said.Enqueue);

    private async Task KeepAsync(MemoryFiles files, WebhookDelivery? webhook, IReadOnlyList<RememberedAlert> alerts)
    {
        var keeper = Keeper(files, webhook);
        _ = keeper.Keep(Life(alerts));
        keeper.Complete();
        await keeper.RunAsync();
    }
}
