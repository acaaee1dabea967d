using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>The real engine under a stream, judged as <c>serve</c> judges it: readings, histories and the life of alerts, at instants a test chooses.</summary>
internal sealed class JudgedStream : IAsyncDisposable
{
    private readonly IReadOnlyList<AlertRule> rules;
    private readonly BoardPlan plan;
    private readonly IReadOnlyList<Period> periods;
    private readonly HistoryReader pasts;
    private readonly AlertEngine alerts = new(AlertLimits.Default);
    private readonly Intake intake;
    private EngineReading? latest;

    public JudgedStream(IReadOnlyList<AlertRule> rules)
    {
        this.rules = rules;
        Engine = new StreamEngine(new EngineOptions
        {
            Rulebook = Shipped.Rulebook(),
            Directory = Shipped.Units("hungyen"),
            Sliding = [Period.TryParse("30d")!],
            Shards = 2,
        });
        intake = Engine.OpenIntake("test");
        plan = new BoardPlan
        {
            Rules = Engine.Rules,
            Directory = Engine.Options.Directory,
            Top = BoardPlan.TopOf(Engine.Options.Directory),
            Period = Period.TryParse("30d")!,
            LowVolume = AlertSettings.DefaultLowVolume,
            StaleAfterSeconds = 60,
            Demo = false,
        };
        periods = [plan.Period, .. rules.Select(static rule => rule.Period)];
        pasts = new HistoryReader(plan, plan.Calendars);
    }

    public StreamEngine Engine { get; }

    public void Feed(ReadOnlySpan<byte> line, long arrival) => intake.Accept(line, new SourcePosition(0, 1), arrival);

    /// <summary>What fires at an instant, by rule and unit.</summary>
    public async Task<IReadOnlyList<(AlertKind Kind, AlertGrade Grade, string Unit)>> FiringAtAsync(long now)
    {
        intake.Flush();
        latest = await EngineReading.TakeAsync(Engine, periods, now, anchor: null, CancellationToken.None, before: latest);
        var histories = await pasts.ReadAsync(Engine, rules, now, latest.Days, CancellationToken.None);
        var readings = AlertReadings.Of(plan, rules, latest.Of, hasData: true, now, latest.Days, histories);
        return [.. alerts.Evaluate(readings, now).Current.Where(static alert => alert.State == AlertState.Firing)
            .Select(static alert => (alert.Rule.Kind, alert.Rule.Grade, alert.Unit))];
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
