namespace KpiStream.Ingest.Host.Runs;

/// <summary>What came in through several intakes that have ended.</summary>
internal sealed class IntakeTotals(IReadOnlyList<Intake> intakes)
{
    public long Events => intakes.Sum(intake => intake.Counts.Events);

    public long Accepted => intakes.Sum(intake => intake.Counts.Accepted);

    public long Late => intakes.Sum(intake => intake.Counts.Late);

    /// <summary>The greatest of what the sources say that now is, milliseconds; <see cref="long.MinValue"/> when nothing was accepted.</summary>
    public long Now => intakes.Max(intake => intake.Counts.Now);

    /// <summary>Rejected records by reason, in the order of precedence and then by key.</summary>
    public IReadOnlyList<(Verdict Verdict, long Count)> ByReason => intakes is [var only] ? only.Counts.ByReason :
    [
        .. intakes.SelectMany(intake => intake.Counts.ByReason).GroupBy(row => row.Verdict)
            .OrderBy(rows => rows.Key).Select(rows => (rows.Key, rows.Sum(row => row.Count))),
    ];
}
