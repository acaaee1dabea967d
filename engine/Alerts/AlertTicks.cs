namespace KpiStream.Engine.Alerts;

/// <summary>
/// When a replay judges alerts: at whole multiples of a time, whether anything came in or not. The instants follow from time alone, so a recording need not
/// hold them: between two records lie the ticks from the arrival of the first (excluded) to that of the second (included), every time it is read.
/// A server judges with its frames, about once a second; ten seconds are the finest that a replay is asked for.
/// </summary>
public static class AlertTicks
{
    public const long EveryMillis = 10_000;

    /// <summary>The newest tick at or before an instant. Milliseconds since 1970 UTC, like all instants here.</summary>
    public static long AtOrBefore(long now, long every = EveryMillis) => LocalTime.FloorDiv(now, every) * every;

    /// <summary>The first tick after an instant.</summary>
    public static long After(long now, long every = EveryMillis) => AtOrBefore(now, every) + every;
}
