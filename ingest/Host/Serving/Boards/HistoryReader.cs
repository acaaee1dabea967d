using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Reads the pasts that alert rules judge by, anew whenever ten minutes of the clock have passed: what they judge are whole days, and whether there is a case
/// today. Owned by the publisher; holds the newest reading.
/// </summary>
/// <param name="plan">The figures, the units and the calendar.</param>
/// <param name="calendars">The working days of units now; asked at every reading.</param>
internal sealed class HistoryReader(BoardPlan plan, Func<UnitCalendars> calendars)
{
    private const long CadenceMillis = 600_000;

    /// <summary>As many as a step of <see cref="DailyFigures.Add(ContributionLedger, Func{int, int}, int)"/> copies of a nation.</summary>
    private const int CellsPerStep = 16_384;

    private DailyFigures? daily;
    private (ContributionLedger Ledger, long Version)[]? ledgers;
    private UnitHistories newest = UnitHistories.None;
    private (long Stretch, int Days, string Figures) read = (long.MinValue, 0, "");
    private UnitCalendars? judgedBy;

    /// <param name="plan">The figures and the units.</param>
    /// <param name="calendars">The working days of units, for good.</param>
    public HistoryReader(BoardPlan plan, UnitCalendars calendars)
        : this(plan, () => calendars)
    {
    }

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

        var current = calendars();
        var due = (LocalTime.FloorDiv(now, CadenceMillis), asking.Max(static rule => rule.HistoryDays),
            string.Join(',', figures.Select(static figure => figure.Definition.Id)));
        if (due == read && ReferenceEquals(current, judgedBy))
        {
            return newest;
        }

        var today = LocalTime.DayOf(now);
        var isSame = daily?.To == today && (due.Item2, due.Item3) == (read.Days, read.Figures) && engine.ShownUnits.Folded == 0;
        ledgers = isSame ? await FollowAsync(engine, daily!, ledgers, stop) : null;
        if (daily is null || ledgers is null)
        {
            daily = new DailyFigures(figures, today - due.Item2, today);
            ledgers = await CopyAsync(engine, daily, stop);
        }

        var before = ReferenceEquals(current, judgedBy) ? newest : null;
        (read, judgedBy) = (due, current);
        return newest = UnitHistories.Of(daily, engine.Options.Codes.Units.Text, plan.Directory, current, observed, before);
    }

    /// <summary>Copies all days of all shards.</summary>
    /// <returns>The ledgers copied, and their versions before the copy.</returns>
    private static async Task<(ContributionLedger, long)[]> CopyAsync(StreamEngine engine, DailyFigures daily, CancellationToken stop)
    {
        var copied = new (ContributionLedger Ledger, long Version)[engine.Options.Shards];
        for (var shard = 0; shard < copied.Length; shard++)
        {
            copied[shard] = await engine.AskShardAsync(shard, static state => (state.Ledger.Figures, state.Ledger.Figures.Version), stop);
            for (int? day = daily.From; day is { } next;)
            {
                day = await engine.AskShardAsync(shard, state => daily.Add(state.Ledger.Figures, engine.ShownUnits.Of, next), stop);
            }
        }

        return copied;
    }

    /// <summary>Copies again what has changed since the copy before.</summary>
    /// <returns>Null when a shard has derived its counters anew: what has changed is not known then.</returns>
    private static async Task<(ContributionLedger, long)[]?> FollowAsync(
        StreamEngine engine, DailyFigures daily, (ContributionLedger Ledger, long Version)[]? before, CancellationToken stop)
    {
        var changed = new HashSet<(int Unit, int Day)>();
        var copied = new (ContributionLedger Ledger, long Version)[engine.Options.Shards];
        for (var shard = 0; shard < copied.Length; shard++)
        {
            copied[shard] = await engine.AskShardAsync(shard, static state => (state.Ledger.Figures, state.Ledger.Figures.Version), stop);
            if (before is null || !ReferenceEquals(before[shard].Ledger, copied[shard].Ledger))
            {
                return null;
            }

            for (int? day = daily.From; day is { } next;)
            {
                day = await engine.AskShardAsync(shard, state => daily.FindChanged(state.Ledger.Figures, before[shard].Version, next, changed), stop);
            }
        }

        daily.Clear(changed);
        for (var shard = 0; shard < copied.Length; shard++)
        {
            foreach (var cells in changed.Chunk(CellsPerStep))
            {
                await engine.AskShardAsync(shard, state => Add(state, daily, cells), stop);
            }
        }

        return copied;
    }

    private static int Add(ShardState state, DailyFigures daily, (int Unit, int Day)[] cells)
    {
        daily.Add(state.Ledger.Figures, cells);
        return cells.Length;
    }
}
