using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using Microsoft.Extensions.Logging.Abstractions;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>Against a real Alertmanager.</summary>
public sealed class AlertmanagerChannelTests
{
    [Fact]
    public async Task WhatFires_IsHeldThere_RoutedOnward_RenewedAndEnded()
    {
        await using var onward = await HttpReceiver.StartAsync(static _ => 200);
        await using var alertmanager = await Alertmanager.StartOrSkipAsync(onward.Url);
        using var stop = new CancellationTokenSource();
        var settings = Settings(alertmanager) with { ResendEvery = TimeSpan.FromSeconds(1) };
        await using var outbox = AlertOutbox.Open(new MemoryFiles(), null, [new OutboxLane("am", TimeProvider.System)], TimeProvider.System, static _ => { });
        using var delivery = new ChannelDelivery(Samples.Open(settings), outbox, DeliveryPolicy.Default, TimeProvider.System, NullLogger.Instance);
        var running = delivery.RunAsync(stop.Token);
        await OfferAsync(outbox, Samples.Message("ratio:fully_online"), Samples.Message("source:igate", grade: AlertGrade.Watch, kind: AlertKind.Source));

        var first = JsonNode.Parse(await alertmanager.UntilAlertsAsync(static all => all.Count == 2))!.AsArray().Single(Is("ratio:fully_online"))!;
        Assert.Equal(("KpiStreamRatio", "error", "ratio", "11953"), ((string)first["labels"]!["alertname"]!, (string)first["labels"]!["severity"]!,
            (string)first["labels"]!["kind"]!, (string)first["labels"]!["unit"]!));
        Assert.Equal("BÁO ĐỘNG: phường Phố Hiến (ratio:fully_online)", (string)first["annotations"]!["summary"]!);
        Assert.Equal(Samples.Morning, At(first, "startsAt").ToUnixTimeMilliseconds());
        Assert.Equal("https://kpi.example.vn/board?screen=why&unit=11953", (string)first["generatorURL"]!);
        Assert.Equal(["firing", "firing"], (await onward.NextAsync(2)).Select(static got => (string)got.Json["status"]!));

        // It would have ended after four seconds: it is renewed before.
        await alertmanager.UntilAlertsAsync(all => all.Any(one => Is("ratio:fully_online")(one) && At(one!, "endsAt") > At(first, "endsAt").AddSeconds(1)));
        await OfferAsync(outbox, Samples.Message("ratio:fully_online", 2, DeliveryState.Resolved) with
        {
            EndedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        });
        Assert.Equal("resolved", (string)(await onward.NextAsync()).Json["status"]!);
        await alertmanager.UntilAlertsAsync(static all => all.Count == 1);
        await stop.CancelAsync();
        await running;
        Assert.Equal(["source:igate"], outbox.Lane("am").Standing.Select(static one => one.Key));
    }

    /// <summary>There an alert is its labels, and the grade is one of them.</summary>
    [Fact]
    public async Task AGradeThatChanges_LeavesOneAlert()
    {
        await using var alertmanager = await Alertmanager.StartOrSkipAsync();
        using var channel = Samples.Open(Settings(alertmanager));
        var (watch, alarm) = (Samples.Message("k", 1, grade: AlertGrade.Watch), Samples.Message("k", 2, grade: AlertGrade.Alarm));
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(watch)], CancellationToken.None));
        await alertmanager.UntilAlertsAsync(static all => all.Count == 1);
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(alarm, watch)], CancellationToken.None));
        await alertmanager.UntilAlertsAsync(static all => all.Count == 1 && (string)all[0]!["labels"]!["grade"]! == "alarm");
        var probe = await channel.ProbeAsync(CancellationToken.None);
        Assert.Equal(SendOutcome.Taken, probe.Outcome);
        Assert.StartsWith("is Alertmanager 0.", probe.Text);
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(Samples.Message("t", state: DeliveryState.Test))], CancellationToken.None));
    }

    private static ChannelSettings Settings(Alertmanager alertmanager) => new() { Name = "am", Type = ChannelType.Alertmanager, Url = alertmanager.Url };

    private static Func<JsonNode?, bool> Is(string key) => alert => (string)alert!["labels"]!["key"]! == key;

    private static DateTimeOffset At(JsonNode alert, string key) => DateTimeOffset.Parse((string)alert[key]!);

    private static Task<bool> OfferAsync(AlertOutbox outbox, params DeliveryMessage[] messages) =>
        outbox.OfferAsync([.. messages.Select(static message => (message, (IReadOnlyList<string>)["am"]))]);
}
