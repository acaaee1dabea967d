using KpiStream.Engine.Time;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>Turns running totals into counts since local midnight, or since the start if that is later. Owned by the publisher.</summary>
internal sealed class TodayCounts
{
    private int day = int.MinValue;
    private (long Rejected, long Late) atMidnight;
    private (long Rejected, long Late) last;

    public (long Rejected, long Late) Of(long nowMillis, long rejected, long late)
    {
        var today = LocalTime.DayOf(nowMillis);
        if (today > day)
        {
            atMidnight = last;
            day = today;
        }

        last = (rejected, late);
        return (rejected - atMidnight.Rejected, late - atMidnight.Late);
    }
}
