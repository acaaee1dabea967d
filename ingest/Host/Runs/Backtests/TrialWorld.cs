using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>
/// The engine of a trial and what its alerts are judged by: the parts that <c>serve</c> judges with, on a clock of the past. The shard works on the calling
/// thread (<see cref="EngineOptions.Stepped"/>), so a question is of exactly what was handed over before it.
/// </summary>
internal sealed class TrialWorld
{
    private readonly StreamEngine engine;
    private readonly LivenessSink watch;
    private readonly SourceWatch sources;
    private readonly BoardPlan plan;
    private readonly List<Func<bool>> steps;
    private readonly ReplayClock clock;
    private readonly IReadOnlyList<Period> periods;
    private readonly HistoryReader pasts;
    private readonly IReadOnlyList<AlertRule> rules;
    private EngineReading? latest;
    private UnitHistories histories = UnitHistories.None;

    /// <param name="engine">Stepped by <paramref name="steps"/>.</param>
    public TrialWorld(StreamEngine engine, List<Func<bool>> steps, Intake intake, BoardPlan plan, IReadOnlyList<RuleTrial> trials, ReplayClock clock)
    {
        (this.engine, this.steps, this.plan, this.clock, Trials) = (engine, steps, plan, clock, trials);
        watch = new LivenessSink(intake, static () => 1, clock);
        sources = new SourceWatch(watch, plan.Silence, clock, static _ => { });
        pasts = new HistoryReader(plan, plan.Calendars);
        rules = [.. trials.SelectMany(static trial => trial.Set.Rules)];
        periods = [plan.Period, .. trials.SelectMany(static trial => trial.Set.Rules).Select(static rule => rule.Period)];
    }

    public IReadOnlyList<RuleTrial> Trials { get; }

    /// <summary>Notices signs of life; caught up from the beginning, for the past is all there is.</summary>
    public LivenessSink Watch => watch;

    /// <summary>Hands over what was collected, moves now, and judges all rules.</summary>
    public void Judge(long now)
    {
        if (!watch.IsCaughtUp)
        {
            watch.ReportLag(0, 0);
        }

        watch.Flush();
        latest = Complete(EngineReading.TakeAsync(engine, periods, now, anchor: null, CancellationToken.None, before: latest));
        var hasData = HasData(now, latest);
        histories = hasData ? Complete(pasts.ReadAsync(engine, rules, now, latest.Days, CancellationToken.None)) : UnitHistories.None;
        foreach (var trial in Trials)
        {
            trial.Evaluate(ReadingsAt(trial, now, latest, hasData), now);
        }
    }

    /// <summary>The last instant until which windows and deadlines pass nothing and the day stays the same, as of the newest reading.</summary>
    /// <param name="now">That of the newest reading.</param>
    public long QuietThrough(long now)
    {
        var nextChange = Complete(engine.AskAsync(static state => state.Ledger.NextChange())).Min();
        return Math.Min(nextChange, LocalTime.StartOfDay(LocalTime.DayOf(now) + 1)) - 1;
    }

    /// <summary>True when at a later instant, before which nothing comes, every rule says the same of every unit as at the newest reading.</summary>
    public bool IsSettled(long now)
    {
        clock.Now = now;
        watch.Flush();
        var hasData = HasData(now, latest!);
        return Trials.All(trial => trial.IsSettled(ReadingsAt(trial, now, latest!, hasData), now));
    }

    private bool HasData(long now, EngineReading reading)
    {
        var heard = sources.Read(now);
        return reading.HasData(heard, LiveState.Of(default, heard, plan.Silence, now), watch.Intake.Counts.DataTime);
    }

    private List<AlertReading> ReadingsAt(RuleTrial trial, long now, EngineReading reading, bool hasData) =>
        AlertReadings.Of(plan, trial.Set.Rules, reading.Of, hasData, now, reading.Days, histories, trial.Spare);

    private T Complete<T>(Task<T> asked) => Stepping.Complete(steps, asked);
}
