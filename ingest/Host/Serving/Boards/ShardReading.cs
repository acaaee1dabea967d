namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>What is asked of every shard.</summary>
/// <param name="Periods">Periods to sum.</param>
/// <param name="Now">Milliseconds since 1970 UTC.</param>
/// <param name="Anchor">A day in the calendar stretch meant.</param>
/// <param name="Today">The local day of now.</param>
/// <param name="ShownAs">The unit a unit is shown under.</param>
/// <param name="HandledBy">The unit a unit's gauges are shown under, successors of today applied.</param>
internal sealed record ShardReadingPlan(IReadOnlyList<Period> Periods, long Now, DateOnly Anchor, DateOnly Today, Func<int, int> ShownAs,
    Func<int, int> HandledBy);

/// <summary>
/// One shard's part of a reading, copied on its own thread. Immutable afterwards, so that the next reading keeps the copies of what has not changed: a server
/// that nothing reaches copies nothing, however many units it knows.
/// </summary>
internal sealed record ShardReading(IReadOnlyList<LedgerSums?> Sums, IReadOnlyDictionary<int, int[]> Gauges, ShardReading.Version Of)
{
    public required long Duplicates { get; init; }

    public required long Cases { get; init; }

    public required long CaseBytes { get; init; }

    public required long GreatestAt { get; init; }

    public required long Contributions { get; init; }

    public required long ContributionBytes { get; init; }

    public required ClockSetBack SetBack { get; init; }

    /// <summary>What the sources have stated, and on which days.</summary>
    public required StreamCounts Stream { get; init; }

    /// <summary>Events folded.</summary>
    public required long Events { get; init; }

    /// <summary>Cases by province and procedure over the first period; the reading's own, for it adds the shards up in the first.</summary>
    public required ProcedureSums? Procedures { get; init; }

    /// <summary>True when another reading is an earlier one of the same counters, so that the rows that have not changed are the same.</summary>
    public bool IsAfter(ShardReading before) => (Of.Ledger, Of.Anchor, Of.Today) == (before.Of.Ledger, before.Of.Anchor, before.Of.Today);

    /// <summary>On the shard's thread.</summary>
    /// <param name="before">The shard's part of an earlier reading of the same periods and units; null for none.</param>
    public static ShardReading Take(ShardState state, ShardReadingPlan plan, ShardReading? before)
    {
        state.Ledger.AdvanceTo(plan.Now);
        var (figures, gauges) = (state.Ledger.Figures, state.Ledger.Gauges);
        var version = new Version(state.Ledger, figures.Version, gauges.Version, plan.Anchor, plan.Today);
        var known = before?.Of is { } of && of.Ledger == version.Ledger && of.Anchor == version.Anchor && of.Today == version.Today ? before : null;
        return new ShardReading(
            known?.Of.Figures == version.Figures ? known.Sums
                : [.. plan.Periods.Select((period, number) => known?.Sums[number] is { } sums ? LedgerSums.After(figures, sums, known.Of.Figures)
                    : LedgerSums.Of(figures, period, plan.Anchor, plan.Today, plan.ShownAs))],
            known?.Of.Gauges == version.Gauges ? known.Gauges
                : known is not null ? gauges.SumsAfter(known.Gauges, known.Of.Gauges, plan.HandledBy) : gauges.Sums(plan.HandledBy),
            version)
        {
            Duplicates = state.Duplicates,
            Cases = state.Cases.Count,
            CaseBytes = state.Cases.Bytes,
            GreatestAt = state.GreatestAt,
            Contributions = state.Ledger.Held,
            ContributionBytes = state.Ledger.Bytes,
            SetBack = state.SetBack,
            Stream = state.Stream.Copy(),
            Events = state.Applied + state.Duplicates,
            Procedures = state.Ledger.Procedures.Sums(plan.Periods[0], plan.Anchor, plan.Today),
        };
    }

    /// <summary>What the copies are of. A clock put back gives the shard another ledger; a new day moves calendar stretches and successors.</summary>
    internal sealed record Version(CaseLedger Ledger, long Figures, long Gauges, DateOnly Anchor, DateOnly Today);
}
