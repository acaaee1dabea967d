namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>What came out of a trial. Instants are milliseconds since 1970 UTC.</summary>
/// <param name="From">The first record, or the first instant that was asked for.</param>
/// <param name="To">The last instant judged.</param>
internal sealed record BacktestResult(long From, long To, IReadOnlyList<RuleTrial> Trials)
{
    public required IntakeCounts Counts { get; init; }

    public required IReadOnlyList<IRecordSource> Sources { get; init; }

    /// <summary>Ticks that lie in the time looked at, and how many of them had to be judged one by one.</summary>
    public required (long Passed, long Judged) Ticks { get; init; }

    public required TimeSpan Took { get; init; }

    public double EventsPerSecond => Counts.Events / Math.Max(Took.TotalSeconds, 0.001);
}
