using System.Collections.Concurrent;
using System.Diagnostics;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>
/// From the end of the hold until a real Alertmanager has the alert: judged once a second as <c>serve</c> does, planned with the waits that hold, through the
/// outbox on disk. Each alert has a cause of its own and begins at a moment of its own.
/// </summary>
public sealed class AcceptedInTimeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(60);

    [Fact]
    public Task SomeAlerts_AreAcceptedWithinAMinuteOfTheirHold() => RunAsync(alerts: 12, within: TimeSpan.FromSeconds(3), hold: 1_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task FourHundredAlerts_AreAcceptedWithinAMinuteOfTheirHold() => RunAsync(alerts: 400, within: TimeSpan.FromMinutes(3), hold: 5_000);

    private async Task RunAsync(int alerts, TimeSpan within, long hold)
    {
        await using var alertmanager = await Alertmanager.StartOrSkipAsync();
        var random = new Random(15);
        var channel = new ChannelSettings { Name = "am", Type = ChannelType.Alertmanager, Url = alertmanager.Url };
        var settings = Settings.Default with { Alerts = Samples.Local with { Channels = [channel] } };
        var loaded = new LoadedSettings(settings, Shipped.Rulebook(), Shipped.Units("hungyen"), ProfileSet.Empty);
        using var folder = new TemporaryFolder();
        using var files = StateFiles.Open(folder.Path);
        var said = new StringWriter();
        var log = new OperatorLog(said, TimeProvider.System);
        await using var delivery = AlertDelivery.Open(loaded, files, folder.Path, DeliveryPolicy.Default, TimeProvider.System, log)!;
        var moments = Enumerable.Range(0, alerts).Select(_ => random.NextDouble() * within.TotalMilliseconds).ToList();
        var rules = moments.Select((moment, i) => new AtMoment($"f{i}", moment) { HoldMillis = hold }).ToList();
        using var service = AlertService.Open(
            loaded, rules, new AlertText(loaded.Rulebook, loaded.Units), null, log, TimeProvider.System, outlet: delivery);
        await delivery.Channels[0].StartAsync(CancellationToken.None);
        var (start, clock, accepted) = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), Stopwatch.StartNew(), new ConcurrentDictionary<string, double>());
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (accepted.Count < alerts && clock.Elapsed < within + TimeSpan.FromMinutes(3))
        {
            await second.WaitForNextTickAsync();
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            service.Evaluate([.. rules.Select(rule => rule.At(now - start))], now);
            foreach (var alert in JsonNode.Parse(await alertmanager.Http.GetStringAsync("/api/v2/alerts"))!.AsArray())
            {
                accepted.TryAdd((string)alert!["labels"]!["key"]!, clock.Elapsed.TotalMilliseconds);
            }
        }

        await delivery.Channels[0].StopAsync(CancellationToken.None);
        Assert.True(accepted.Count == alerts, $"{accepted.Count} of {alerts} were accepted: {said}");
        var waits = rules.Select(rule => (accepted[rule.CauseOf("11953")] - rule.From - hold) / 1_000).Order().ToList();
        var p99 = waits[(int)Math.Ceiling(waits.Count * 0.99) - 1];
        output.WriteLine($"{alerts} alerts: median {waits[waits.Count / 2]:0.0} s, 99 % {p99:0.0} s, longest {waits[^1]:0.0} s after the hold");
        Assert.InRange(p99, 0, Allowed.TotalSeconds);
    }

    /// <summary>A rule whose condition holds from a moment on.</summary>
    private sealed record AtMoment : AlertRule
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public AtMoment(string figure, double from) => (Figure, From, Grade) = (figure, from, AlertGrade.Alarm);

        public double From { get; }

        public override AlertKind Kind => AlertKind.Ratio;

        public override Period Period { get; } = Period.TryParse("30d")!;

        protected override string OwnId => $"stated:{Figure}";

        public override Judgement Judge(in AlertReading reading, long now) => reading.Denominator == 1 ? Judgement.Met : Judgement.Clear;

        public AlertReading At(double elapsed) => new(this, "11953", elapsed >= From ? 1 : 0, null, null, HasData: true);
    }
}
