using KpiStream.Engine.Time;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>
/// Turns running totals into counts since local midnight, or since the log's past was read if that is later: what a rebuild meets again is
/// not today's news. Owned by the publisher.
/// </summary>
internal sealed class TodayCounts
{
    private int day = int.MinValue;
    private bool wasCaughtUp;
    private (long Rejected, long Late) before;
    private (long Rejected, long Late) last;

    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <param name="rejected">Rejected records since the start.</param>
    /// <param name="late">Late events since the start.</param>
    /// <param name="caughtUp">False while the log's past is being read.</param>
    public (long Rejected, long Late) Of(long nowMillis, long rejected, long late, bool caughtUp)
    {
        var today = LocalTime.DayOf(nowMillis);
        if (!wasCaughtUp)
        {
            before = (rejected, late);
        }
        else if (today > day)
        {
            before = last;
        }

        (day, wasCaughtUp, last) = (today, caughtUp, (rejected, late));
        return (rejected - before.Rejected, late - before.Late);
    }
}
