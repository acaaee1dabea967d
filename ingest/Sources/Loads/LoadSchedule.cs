namespace KpiStream.Ingest.Sources.Loads;

/// <summary>
/// Gives each event of one run its due moment, in the order of the stream; an event never is due before the one before it. Owned by one flow.
/// </summary>
public sealed class LoadSchedule(LoadPace pace)
{
    private long first = long.MinValue;
    private long index;
    private long last;

    /// <summary>When the next event is due, nanoseconds after the start; null when the run is over.</summary>
    /// <param name="time">When it was recorded, milliseconds.</param>
    public long? Next(long time)
    {
        first = first == long.MinValue ? time : first;
        if (pace.DueNanos(index, Math.Max(0, time - first)) is not { } due)
        {
            return null;
        }

        index++;
        return last = Math.Max(last, due);
    }
}
