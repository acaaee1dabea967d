using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>
/// A server with default settings that was never run before, in this process and on a clock of its own: intake, cut, publisher, all rules that it has by itself
/// and the life of alerts.
/// </summary>
internal sealed class FreshServer : IAsyncDisposable
{
    private readonly LoadedSettings loaded = SettingsFile.Load(null, [])!;
    private readonly StreamEngine engine;
    private readonly LivenessSink watch;
    private readonly BarrierSink source;
    private readonly AlertService alerts;
    private readonly BoardPublisher publisher;
    private readonly SimulatedClock time;
    private readonly HashSet<string> fired = [];
    private long records;

    /// <param name="start">Milliseconds since 1970 UTC.</param>
    public FreshServer(long start)
    {
        time = new SimulatedClock(DateTimeOffset.FromUnixTimeMilliseconds(start));
        IReadOnlyList<AlertRule> rules = [.. loaded.AlertRules.Rules, .. SourceRules.All];
        engine = new StreamEngine(new EngineOptions
        {
            Rulebook = loaded.Rulebook,
            Directory = loaded.Units,
            Catalogue = loaded.Catalogue,
            Sliding = [.. loaded.Settings.Windows.Concat(rules.Select(static rule => rule.Period)).Where(static period => period.Kind == PeriodKind.Sliding)
                .DistinctBy(static period => period.Seconds)],
            WallClock = () => Now,
        });
        var plan = new BoardPlan
        {
            Rules = engine.Rules,
            Directory = loaded.Units,
            Top = BoardPlan.TopOf(loaded.Units),
            Period = Period.TryParse("day")!,
            LowVolume = AlertSettings.DefaultLowVolume,
            Catalogue = loaded.Catalogue,
            StaleAfterSeconds = loaded.Settings.StaleAfterSeconds,
            Office = loaded.Settings.OfficeHours,
            Demo = false,
        };
        watch = new LivenessSink(engine.OpenIntake("test"), static () => 1, time);
        source = new BarrierSink(watch, engine, new StreamBounds(), time);
        alerts = AlertService.Open(
            loaded, rules, new AlertText(loaded.Rulebook, loaded.Units), note: null, new OperatorLog(TextWriter.Null, time), time);
        publisher = new BoardPublisher(
            plan, engine, watch, static () => default, rules, alerts, new LiveBoards(plan, time), time, static _ => { }, cuts: source);
    }

    /// <summary>What fired that anybody is told of: kind, grade, unit and when.</summary>
    public IReadOnlyCollection<string> Fired => fired;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A record comes in at its arrival.</summary>
    public void Accept(ReadOnlySpan<byte> line, long arrival)
    {
        PassTo(arrival);
        source.Accept(line, new SourcePosition(0, ++records), arrival);
    }

    /// <summary>A frame at an instant, with a tick of the alerts.</summary>
    public async Task TickAsync(long at)
    {
        PassTo(at);
        source.Flush();
        source.ReportLag(0, 0);
        var frame = publisher.PublishAsync(CancellationToken.None);
        while (!frame.IsCompleted)
        {
            source.Flush();
            await Task.Yield();
        }

        await frame;
        foreach (var alert in alerts.Alerts.Where(static alert => alert.State == AlertState.Firing && alert.Rule.Grade != AlertGrade.Watch))
        {
            fired.Add($"{alert.Rule.Id} {alert.Rule.Grade} {alert.Unit} since {InstantText.ToLocalSeconds(alert.PendingSince)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        publisher.Dispose();
        alerts.Dispose();
        await engine.DisposeAsync();
    }

    private void PassTo(long instant)
    {
        if (instant > Now)
        {
            time.Pass(TimeSpan.FromMilliseconds(instant - Now));
        }
    }
}
