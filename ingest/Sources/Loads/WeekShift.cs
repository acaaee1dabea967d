namespace KpiStream.Ingest.Sources.Loads;

/// <summary>Moves a stream by whole weeks, so that every event keeps its weekday and its time of day: local time has no summer time here.</summary>
public static class WeekShift
{
    private const long Week = 7 * 86_400_000L;

    /// <summary>By how many milliseconds to move a stream so that its last event is the latest possible that is not after now.</summary>
    /// <param name="last">The last event's time, milliseconds.</param>
    /// <param name="now">Milliseconds.</param>
    public static long ToNow(long last, long now) => FloorWeeks(now - last);

    /// <summary>By how much each repetition of a stream moves on: whole weeks, more than the stream is long.</summary>
    public static long Repetition(long first, long last) => FloorWeeks(last - first) + Week;

    /// <summary>Moves everything that an event states of time.</summary>
    public static void Apply(ref CaseEvent moved, long millis)
    {
        if (millis == 0)
        {
            return;
        }

        moved.Stamp = moved.Stamp with { At = moved.Stamp.At + millis };
        ref var values = ref moved.Values;
        (values.Filed, values.Accepted) = (Moved(values.Filed, millis), Moved(values.Accepted, millis));
        (values.Due, values.Ended) = (Moved(values.Due, millis), Moved(values.Ended, millis));
    }

    private static long Moved(long instant, long millis) => instant == 0 ? 0 : instant + millis;

    private static long FloorWeeks(long millis) => (millis / Week * Week) - (millis % Week < 0 ? Week : 0);
}
