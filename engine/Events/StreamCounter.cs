namespace KpiStream.Engine.Events;

/// <summary>
/// Counts what accepted events state: keys by source and day, and events by day. Bounded: sources beyond <see cref="MostSources"/> are counted together.
/// Owned by one shard; saved in checkpoints, so that a restart changes nothing.
/// </summary>
/// <param name="sources">The engine's table of source names, whose numbers follow the order in which sources were met.</param>
public sealed class StreamCounter(CodeTable sources)
{
    /// <summary>Sources counted by name.</summary>
    public const int MostSources = 64;

    private readonly KeyDays?[] bySource = new KeyDays?[MostSources + 1];
    private readonly DayCounter days = new();

    // Events mostly come in runs of one source, the same keys and one day: such a run is counted as a number and added when it ends.
    private int runSource;
    private uint runStated;
    private long sameKeys;
    private long dayBegin;
    private long sameDay;

    public void Add(in CaseEvent counted)
    {
        if (counted.Values.Source != runSource || counted.Stated != runStated)
        {
            EndKeys();
            (runSource, runStated) = (counted.Values.Source, counted.Stated);
        }

        if ((ulong)(counted.Stamp.At - dayBegin) >= LocalTime.MillisPerDay)
        {
            EndKeys();
            EndDay();
            dayBegin = LocalTime.StartOfDay(LocalTime.DayOf(counted.Stamp.At));
        }

        sameKeys++;
        sameDay++;
    }

    /// <summary>Counts a record of a day, of whose keys nothing is known.</summary>
    /// <param name="at">Milliseconds since 1970 UTC.</param>
    public void AddDay(long at) => days.Add(LocalTime.DayOf(at));

    /// <summary>Adds what an earlier run had counted.</summary>
    public void Add(StreamCounts saved)
    {
        foreach (var source in saved.Sources)
        {
            (bySource[SlotOf(sources.Intern(source.Source))] ??= new KeyDays()).Add(source);
        }

        foreach (var (day, events) in saved.Days)
        {
            days.Add(day, events);
        }
    }

    /// <summary>A copy of the counts.</summary>
    public StreamCounts Copy()
    {
        EndKeys();
        EndDay();
        return new StreamCounts(
            [.. bySource.Index().Where(static slot => slot.Item is not null).Select(slot => slot.Item!.Copy(sources.Text(slot.Index)))],
            [.. days.Days]);
    }

    private void EndKeys()
    {
        if (sameKeys != 0)
        {
            (bySource[SlotOf(runSource)] ??= new KeyDays()).Add(LocalTime.DayOf(dayBegin), runStated & CaseKeys.Registers, sameKeys);
            sameKeys = 0;
        }
    }

    private void EndDay()
    {
        if (sameDay != 0)
        {
            days.Add(LocalTime.DayOf(dayBegin), sameDay);
            sameDay = 0;
        }
    }

    // Slot 0 is all others: its name is that of code 0, the empty text.
    private static int SlotOf(int source) => source <= MostSources ? source : 0;
}
