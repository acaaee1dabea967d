namespace KpiStream.Engine.Alerts;

/// <summary>
/// When alerts are judged: at every whole ten seconds, whether anything came in or not. The instants follow from time alone, so a recording need not hold them:
/// between two records lie the ticks from the arrival of the first (excluded) to that of the second (included), and a replay judges at the very same instants.
/// Ten seconds: an alert fires at most so much after its hold, which leaves most of a minute for its delivery, and a quarter is tried out in seconds.
/// </summary>
public static class AlertTicks
{
    public const long EveryMillis = 10_000;

    /// <summary>The newest tick at or before an instant. Milliseconds since 1970 UTC, like all instants here.</summary>
    public static long AtOrBefore(long now, long every = EveryMillis) => LocalTime.FloorDiv(now, every) * every;

    /// <summary>The first tick after an instant.</summary>
    public static long After(long now, long every = EveryMillis) => AtOrBefore(now, every) + every;
}
