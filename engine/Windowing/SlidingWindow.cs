namespace KpiStream.Engine.Windowing;

/// <summary>
/// The counters of one sliding period: contributions with now − W &lt; t ≤ now, both in whole seconds (spec section 5).
/// The <see cref="ContributionLedger"/> moves it; it only knows what it covers.
/// </summary>
public sealed class SlidingWindow(Period period, int laneCount)
{
    public Period Period { get; } = period;

    public LaneRows Rows { get; } = new(laneCount);

    /// <summary>The last second before the window.</summary>
    public long TailOf(long nowSecond) => nowSecond - Period.Seconds;
}
