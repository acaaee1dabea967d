namespace KpiStream.Engine.Alerts;

/// <summary>
/// When alerts are judged: at whole multiples of a time, whether anything came in or not. In a back-test the instants follow from time alone: between two
/// records lie the ticks from the arrival of the first (excluded) to that of the second (included), every time a recording is read. A server judges every ten
/// seconds, and keeps each tick with the positions that it had read up to: what it decided can be repeated exactly.
/// </summary>
public static class AlertTicks
{
    public const long EveryMillis = 10_000;

    /// <summary>The newest tick at or before an instant. Milliseconds since 1970 UTC, like all instants here.</summary>
    public static long AtOrBefore(long now, long every = EveryMillis) => LocalTime.FloorDiv(now, every) * every;

    /// <summary>The first tick after an instant.</summary>
    public static long After(long now, long every = EveryMillis) => AtOrBefore(now, every) + every;
}
