namespace KpiStream.Engine.Arrivals;

/// <summary>
/// When events of a source arrived on a local day: by half hours how many, and in how many stretches of ten seconds. Many events that come at once say no more
/// about what is due than one, so silence is judged by stretches. About 1.4 KB.
/// </summary>
/// <param name="number">The local day's number since 1970-01-01.</param>
internal sealed class SourceDay(int number)
{
    public const int HalfHours = 48;
    public const long HalfHourMillis = LocalTime.MillisPerDay / HalfHours;
    public const long StretchMillis = 10_000;
    public const int StretchesPerHalfHour = (int)(HalfHourMillis / StretchMillis);

    private const int Stretches = StretchesPerHalfHour * HalfHours;

    private readonly ulong[] seen = new ulong[(Stretches + 63) / 64];
    private readonly byte[] stretches = new byte[HalfHours];
    private readonly int[] events = new int[HalfHours];

    public int Number => number;

    /// <summary>Stretches with an event, by half hour.</summary>
    public ReadOnlySpan<byte> StretchesByHalfHour => stretches;

    /// <summary>Events, by half hour.</summary>
    public ReadOnlySpan<int> EventsByHalfHour => events;

    /// <summary>Notes that an event arrived; false when another of the same ten seconds has been noted.</summary>
    /// <param name="millis">Of the day.</param>
    public bool Note(long millis)
    {
        var stretch = (int)(millis / StretchMillis);
        ref var word = ref seen[stretch / 64];
        var bit = 1UL << (stretch % 64);
        if ((word & bit) != 0)
        {
            return false;
        }

        word |= bit;
        Add((int)(millis / HalfHourMillis), 1, 0);
        return true;
    }

    /// <summary>Counts events in a half hour.</summary>
    public void AddEvents(long millis, int count) => Add((int)(millis / HalfHourMillis), 0, count);

    /// <summary>Adds what was counted before. Which ten seconds that were is not known any more.</summary>
    public void Add(int halfHour, int stretchCount, int eventCount)
    {
        stretches[halfHour] = (byte)Math.Min(StretchesPerHalfHour, stretches[halfHour] + stretchCount);
        events[halfHour] = (int)Math.Min(int.MaxValue, (long)events[halfHour] + eventCount);
    }
}
