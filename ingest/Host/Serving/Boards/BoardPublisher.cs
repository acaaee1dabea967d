using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// On a cadence: moves the engine's now to the wall clock, reads all shards, judges the alerts and publishes a frame.
/// The only writer of the board and of the alerts' state.
/// </summary>
internal sealed class BoardPublisher(
    BoardPlan plan, StreamEngine engine, LivenessSink watch, Func<SourceHealth> health, IReadOnlyList<AlertRule> rules, AlertService service, LiveBoards boards,
    TimeProvider time, Action<string> warn, SelfCheckService? checks = null, BoardRegistry? registry = null) : BackgroundService
{
    /// <summary>Four frames a second: a change is on the screen well within the second that a reader would call "at once".</summary>
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(250);

    private readonly ClockWatch clocks = new(watch.Intake, warn);
    private readonly ClockJump jumps = new(time);
    private readonly SourceWatch sources = new(watch, plan.Silence, time, warn);
    private readonly IReadOnlyList<Period> periods = [plan.Period, plan.LowVolume.Period, .. plan.Spans, .. rules.Select(rule => rule.Period)];
    private long frames;
    private (long Second, long Events) published;
    private volatile EngineReading? latest;

    /// <summary>What the newest frame was made of; null before the first. Any thread may read.</summary>
    public EngineReading? Latest => latest;

    /// <summary>Publishes until told to stop. Fails only when the engine has.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Cadence, time);
        try
        {
            do
            {
                await PublishAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Publishes when something came in or a second has passed: the clock, the alerts and the gauges go on without events.</summary>
    internal async Task PublishAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = (LocalTime.SecondOf(now), watch.Intake.Counts.Events);
        if (due == published)
        {
            return;
        }

        published = due;
        var counts = watch.Intake.Counts;
        var reached = counts.DataTime;
        var isCaughtUp = watch.IsCaughtUp; // what is read now has all of the past only if it was read before
        var reading = await EngineReading.TakeAsync(engine, periods, now, anchor: null, stop, before: latest);
        (latest, now) = (reading, reading.Now);
        long? dataTime = reading.GreatestAt is { } folded && reached > long.MinValue ? Math.Min(now, Math.Min(reached, folded)) : null;
        var lags = counts.Lags;
        var today = counts.On(LocalTime.DayOf(now));
        var heard = watch.Sources = isCaughtUp ? sources.Read(now) : SourcesReading.None;
        var state = LiveState.Of(health(), watch, heard, plan.Silence, now);
        var hasData = !state.IsStale && isCaughtUp && dataTime is not null;
        if (jumps.HasJumped())
        {
            service.Interrupt();
        }

        var beside = checks?.Readings.Concat(registry?.Readings() ?? []) ?? registry?.Readings() ?? [];
        var alerts = service.Evaluate([.. beside, .. AlertReadings.Of(plan, rules, reading.Of, hasData, now, reading.Days)], now);
        var trust = new BoardTrust(
            $"{plan.Rules.Rulebook.Id} {plan.Rules.Rulebook.Version}", plan.Directory.Version, due.Events,
            today.Rejected.Sum(row => row.Count), today.Late, reading.Duplicates,
            lags.Sum(lag => lag.Remaining), [.. lags.Select(lag => new BoardLag($"{watch.Intake.Source}/{lag.Partition}", lag.Remaining))],
            RejectedReasons.MostFrequent(today.Rejected),
            checks?.ForBoard(),
            clocks.Notes(reading.SetBack, now),
            heard.ForBoard(now));
        boards.Publish(++frames, board => new BoardMoment(
            now, dataTime, state.IsStale, isCaughtUp, state.Text, reading.Of(board.Period)!, reading.Of(plan.LowVolume.Period)!, reading.Gauges,
            LiveBoards.AlertsOn(board, alerts), trust, state.Phase)
        {
            FoldedCodes = engine.ShownUnits.Folded,
            Days = reading.Days,
            StatedKeys = reading.StatedKeys,
            ProceduresPaid = board.Period.Name != plan.Period.Name ? null : ProcedureSums.Count(
                reading.Procedures!.Of(province => plan.Directory.IsAtOrBelow(engine.Options.Codes.Units.Text(province), board.Top.Code))),
            Spans = [.. plan.Spans.Select(period => (period, reading.Of(period)!))],
        });
    }
}
