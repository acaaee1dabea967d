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

    private (DailyFigures Daily, ContributionLedger Ledger, long Version)[]? parts;
    private UnitHistories newest = UnitHistories.None;
    private (long Stretch, int Days, string Figures) read = (long.MinValue, 0, "");
    private UnitCalendars? judgedBy;

    /// <param name="plan">The figures and the units.</param>
    /// <param name="calendars">The working days of units, for good.</param>
    public HistoryReader(BoardPlan plan, UnitCalendars calendars)
        : this(plan, () => calendars)
    {
    }

    /// <summary>The tick at which the newest pasts were read, milliseconds since 1970 UTC; null where no rule asks for any.</summary>
    public long? ReadAt { get; private set; }

    /// <summary>The pasts as of the ten minutes that now lies in; none where no rule asks for any.</summary>
    /// <param name="rules">The rules there are.</param>
    /// <param name="now">Milliseconds since 1970 UTC; the shards have been moved there.</param>
    /// <param name="observed">The days of which the log has records.</param>
    public async Task<UnitHistories> ReadAsync(StreamEngine engine, IReadOnlyList<AlertRule> rules, long now, ObservedDays observed, CancellationToken stop) =>
        Take(await Ask(engine, rules, now, stop), engine, now, observed);

    /// <summary>
    /// Puts the questions into the shards' queues before it returns, where pasts have to be read anew: so the answers are of the place in the stream where it
    /// was called. A shard is held up for as long as it takes to copy what has changed: once a day, and at the start, all of it, of a nation 25 ms.
    /// </summary>
    /// <returns>The answer, for <see cref="Take"/>.</returns>
    public Task<PastsAnswer> Ask(StreamEngine engine, IReadOnlyList<AlertRule> rules, long now, CancellationToken stop)
    {
        var asking = rules.Where(static rule => rule.HistoryDays > 0).ToList();
        List<CompiledFigure> figures = [.. plan.Rules.Figures.Where(figure => asking.Exists(rule => rule.AllFigures().Contains(figure.Definition.Id)))];
        var current = calendars();
        if (figures.Count == 0)
        {
            return Task.FromResult(new PastsAnswer(current, (long.MinValue, 0, ""), null));
        }

        var due = (Stretch: LocalTime.FloorDiv(now, CadenceMillis), Days: asking.Max(static rule => rule.HistoryDays),
            Figures: string.Join(',', figures.Select(static figure => figure.Definition.Id)));
        if (due == read && ReferenceEquals(current, judgedBy))
        {
            return Task.FromResult(new PastsAnswer(current, due, null));
        }

        var today = LocalTime.DayOf(now);
        var isSame = parts?[0].Daily.To == today && (due.Days, due.Figures) == (read.Days, read.Figures) && engine.ShownUnits.Folded == 0;
        var asked = Task.WhenAll(Enumerable.Range(0, engine.Options.Shards).Select(shard => engine.AskShardAsync(
            shard, state => Follow(engine, state, isSame ? parts![shard] : null, () => new DailyFigures(figures, today - due.Days, today)), stop)));
        return AnswerAsync(asked, current, due);
    }

    /// <summary>Makes pasts of what was asked for last.</summary>
    public UnitHistories Take(PastsAnswer answer, StreamEngine engine, long now, ObservedDays observed)
    {
        if (answer.Parts is { } copied)
        {
            var daily = copied[0].Daily;
            if (copied.Length > 1)
            {
                daily = new DailyFigures(daily.Figures, daily.From, daily.To);
                Array.ForEach(copied, part => daily.Add(part.Daily));
            }

            var before = ReferenceEquals(answer.Calendars, judgedBy) ? newest : null;
            (read, judgedBy, parts, ReadAt) = (answer.Due, answer.Calendars, copied, now);
            newest = UnitHistories.Of(daily, engine.Options.Codes.Units.Text, plan.Directory, answer.Calendars, observed, before);
        }

        return answer.Due.Days == 0 ? UnitHistories.None : newest;
    }

    private static async Task<PastsAnswer> AnswerAsync(
        Task<(DailyFigures, ContributionLedger, long)[]> asked, UnitCalendars calendars, (long, int, string) due) => new(calendars, due, await asked);

    /// <summary>Copies what has changed since the copy before, or everything where a shard has derived its counters anew; on the shard's thread.</summary>
    private static (DailyFigures Daily, ContributionLedger Ledger, long Version) Follow(
        StreamEngine engine, ShardState state, (DailyFigures Daily, ContributionLedger Ledger, long Version)? before, Func<DailyFigures> create)
    {
        var ledger = state.Ledger.Figures;
        if (before is { } known && ReferenceEquals(known.Ledger, ledger))
        {
            var changed = new HashSet<(int Unit, int Day)>();
            for (int? day = known.Daily.From; day is { } next;)
            {
                day = known.Daily.FindChanged(ledger, known.Version, next, changed);
            }

            known.Daily.Clear(changed);
            known.Daily.Add(ledger, changed);
            return (known.Daily, ledger, ledger.Version);
        }

        var daily = create();
        for (int? day = daily.From; day is { } next;)
        {
            day = daily.Add(ledger, engine.ShownUnits.Of, next);
        }

        return (daily, ledger, ledger.Version);
    }
}

/// <summary>What the shards answered of units' days.</summary>
/// <param name="Calendars">The working days of units when they were asked.</param>
/// <param name="Due">The stretch of the clock, the days before today, and the figures; no days where no rule asks for any.</param>
/// <param name="Parts">Each shard's copy; null where the pasts read before still hold.</param>
internal sealed record PastsAnswer(
    UnitCalendars Calendars, (long Stretch, int Days, string Figures) Due, (DailyFigures Daily, ContributionLedger Ledger, long Version)[]? Parts);
