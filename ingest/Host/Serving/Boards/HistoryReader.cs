using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Reads the pasts that alert rules judge by, anew whenever ten minutes of the clock have passed: what they judge are whole days, and whether there is a case
/// today. Owned by the publisher; holds the newest reading.
/// </summary>
/// <param name="plan">The figures, the units and the calendar.</param>
/// <param name="calendars">The working days of units.</param>
internal sealed class HistoryReader(BoardPlan plan, UnitCalendars calendars)
{
    private const long CadenceMillis = 600_000;

    private UnitHistories newest = UnitHistories.None;
    private (long Stretch, int Days, string Figures) read = (long.MinValue, 0, "");

    /// <summary>The pasts as of the ten minutes that now lies in; none where no rule asks for any.</summary>
    /// <param name="rules">The rules there are.</param>
    /// <param name="now">Milliseconds since 1970 UTC; the shards have been moved there.</param>
    /// <param name="observed">The days of which the log has records.</param>
    public async Task<UnitHistories> ReadAsync(StreamEngine engine, IReadOnlyList<AlertRule> rules, long now, ObservedDays observed, CancellationToken stop)
    {
        var asking = rules.Where(static rule => rule.HistoryDays > 0).ToList();
        List<CompiledFigure> figures = [.. plan.Rules.Figures.Where(figure => asking.Exists(rule => rule.Figure == figure.Definition.Id))];
        if (figures.Count == 0)
        {
            return UnitHistories.None;
        }

        var due = (LocalTime.FloorDiv(now, CadenceMillis), asking.Max(static rule => rule.HistoryDays),
            string.Join(',', figures.Select(static figure => figure.Definition.Id)));
        if (due == read)
        {
            return newest;
        }

        var today = LocalTime.DayOf(now);
        var daily = new DailyFigures(figures, today - due.Item2, today);
        for (var shard = 0; shard < engine.Options.Shards; shard++)
        {
            for (int? day = daily.From; day is { } next;)
            {
                day = await engine.AskShardAsync(shard, state => daily.Add(state.Ledger.Figures, engine.ShownUnits.Of, next), stop);
            }
        }

        read = due;
        return newest = UnitHistories.Of(daily, engine.Options.Codes.Units.Text, plan.Directory, calendars, observed);
    }
}
