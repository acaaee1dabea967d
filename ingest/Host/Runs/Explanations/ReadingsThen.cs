using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Runs.Backtests;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>
/// What rules were judged by at each tick of a path, read from an engine that was given exactly what the server's had. Owned by the flow of the replay.
/// </summary>
/// <param name="engine">Stepped by <paramref name="steps"/>.</param>
/// <param name="board">The figures and the units.</param>
/// <param name="rules">The rules of a tick.</param>
/// <param name="calendars">The working days of units at a tick.</param>
/// <param name="path">The ticks.</param>
/// <param name="clock">Moved to each tick.</param>
internal sealed class ReadingsThen(
    StreamEngine engine, List<Func<bool>> steps, BoardPlan board, RulesThen rules, CalendarsThen calendars, TickPath path, ReplayClock clock)
{
    private (long At, UnitHistories Pasts) pasts = (long.MinValue, UnitHistories.None);
    private EngineReading? latest;
    private IReadOnlyList<Period> periods = [];
    private int next;

    /// <summary>Ticks at which the unit was judged.</summary>
    public long Judged { get; private set; }

    /// <summary>The log was read up to the place of a tick: what lies before it passes, and it is judged.</summary>
    public void Reach(AlertTick tick, AlertPath life)
    {
        PassUntil(tick, life);
        clock.Now = tick.At;
        var then = rules.Of(tick);
        var isOfPasts = tick.Past == tick.At;
        var own = then.FirstOrDefault(rule => rule.Id == life.Rule);
        var reading = Read(tick, [.. own is null ? [] : (Period[])[own.Period]]);
        if (isOfPasts)
        {
            var reader = new HistoryReader(board, calendars.Of(tick));
            pasts = (tick.At, Stepping.Complete(steps, reader.ReadAsync(engine, then, tick.At, reading.Days, CancellationToken.None)));
        }

        if (next < path.Ticks.Count && ReferenceEquals(path.Ticks[next], tick))
        {
            next++;
            var fed = new FedUnits(reading.CountStated, board.Directory, LocalTime.DayOf(tick.At));
            var isHeld = tick.HeldBy?.Any(source => fed.Feeds(source, life.Unit)) == true;
            life.Pass(tick, own is null || !tick.IsOfUnits || isHeld ? null : ReadingOf(own, life.Unit, tick, reading), isHeld);
        }
    }

    /// <summary>The log was read: the rest passes.</summary>
    /// <param name="isWhole">False where it ended too soon: then nothing of the rest is known.</param>
    public void Finish(AlertPath life, bool isWhole)
    {
        if (isWhole)
        {
            PassUntil(null, life);
        }
    }

    /// <summary>Ticks at which units were not judged need nothing of the log.</summary>
    private void PassUntil(AlertTick? end, AlertPath life)
    {
        for (; next < path.Ticks.Count && !ReferenceEquals(path.Ticks[next], end) && !path.Ticks[next].IsOfUnits; next++)
        {
            life.Pass(path.Ticks[next], null, isHeld: false);
        }
    }

    private EngineReading Read(AlertTick tick, IReadOnlyList<Period> asked)
    {
        var before = asked.SequenceEqual(periods) ? latest : null;
        periods = asked;
        Judged++;
        return latest = Stepping.Complete(steps, EngineReading.TakeAsync(engine, asked, tick.At, anchor: null, CancellationToken.None, before: before));
    }

    private AlertReading? ReadingOf(AlertRule rule, string unit, AlertTick tick, EngineReading reading)
    {
        if (rule.HistoryDays > 0 && tick.Past != pasts.At)
        {
            throw new InvalidOperationException($"the pasts of {tick.Past} were not read before the tick {tick.At}");
        }

        return AlertReadings.Of(board, [rule], reading.Of, hasData: true, tick.At, reading.Days, rule.HistoryDays > 0 ? pasts.Pasts : UnitHistories.None)
            .Where(one => one.Unit == unit).Select(static one => (AlertReading?)one).FirstOrDefault();
    }
}
