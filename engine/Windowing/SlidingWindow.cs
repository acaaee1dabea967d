namespace KpiStream.Engine.Windowing;

/// <summary>
/// The counters of one sliding period: contributions with now − W &lt; t ≤ now, both in whole seconds.
/// The <see cref="ContributionLedger"/> moves it; it only knows what it covers.
/// </summary>
public sealed class SlidingWindow
{
    private readonly WindowRows rows;

    internal SlidingWindow(Period period, WindowRows rows, int number) => (Period, this.rows, Number) = (period, rows, number);

    public Period Period { get; }

    /// <summary>One more than the highest unit that may have counters.</summary>
    public int UnitEnd => rows.UnitEnd;

    /// <summary>Its place among the rows: 0 for the longest.</summary>
    internal int Number { get; }

    /// <summary>True for a unit that was ever counted, also when it counts nothing now.</summary>
    public bool Has(int unit) => rows.Has(unit);

    /// <summary>Adds a unit's counters to a row of lanes.</summary>
    public void AddTo(Span<int> row, int unit) => rows.AddTo(row, unit, Number);

    /// <summary>The last second before the window.</summary>
    internal long TailOf(long nowSecond) => nowSecond - Period.Seconds;
}
