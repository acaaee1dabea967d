namespace KpiStream.Engine.Events;

/// <summary>
/// Counts what accepted events state: keys by source and day, units by source, and events by day. Bounded: sources beyond <see cref="MostSources"/> are
/// counted together. Owned by one shard; saved in checkpoints, so that a restart changes nothing.
/// </summary>
public sealed class StreamCounter
{
    /// <summary>Sources counted by name.</summary>
    public const int MostSources = 64;

    private readonly CodeTable sources;
    private readonly CodeTable units;
    private readonly KeyDays?[] bySource = new KeyDays?[MostSources + 1];
    private readonly StatedUnits?[] unitsBySource = new StatedUnits?[MostSources + 1];
    private readonly DayCounter days = new();
    private int unitsSince;

    // Events mostly come in runs of one source, the same keys and one day: such a run is counted as a number and added when it ends.
    private int runSource;
    private uint runStated;
    private long sameKeys;
    private long dayBegin;
    private int day;
    private long sameDay;
    private StatedUnits runUnits;

    /// <param name="sources">The engine's table of source names, whose numbers follow the order in which sources were met.</param>
    /// <param name="units">Its table of unit codes; null for one of its own.</param>
    public StreamCounter(CodeTable sources, CodeTable? units = null)
    {
        (this.sources, this.units) = (sources, units ?? new CodeTable());
        runUnits = UnitsOf(runSource);
    }

    public void Add(in CaseEvent counted)
    {
        if (counted.Values.Source != runSource || counted.Stated != runStated)
        {
            EndKeys();
            if (counted.Values.Source != runSource)
            {
                runUnits = UnitsOf(counted.Values.Source);
            }

            (runSource, runStated) = (counted.Values.Source, counted.Stated);
        }

        if ((ulong)(counted.Stamp.At - dayBegin) >= LocalTime.MillisPerDay)
        {
            EndKeys();
            EndDay();
            day = LocalTime.DayOf(counted.Stamp.At);
            dayBegin = LocalTime.StartOfDay(day);
        }

        sameKeys++;
        sameDay++;
        runUnits.Add(counted.Values.Receiving, counted.Values.Handling, day);
    }

    /// <summary>Of events up to the newest day counted so far, nobody has counted which units they stated: an older program made the checkpoint.</summary>
    public void MissUnits() => unitsSince = Math.Max(unitsSince, days.Days.Select(static one => one.Day).DefaultIfEmpty().Max());

    /// <summary>Counts a record of a day, of whose keys nothing is known.</summary>
    /// <param name="at">Milliseconds since 1970 UTC.</param>
    public void AddDay(long at) => days.Add(LocalTime.DayOf(at));

    /// <summary>Adds what an earlier run had counted.</summary>
    public void Add(StreamCounts saved)
    {
        foreach (var source in saved.Sources)
        {
            var number = sources.Intern(source.Source);
            (bySource[SlotOf(number)] ??= new KeyDays()).Add(source);
            UnitsOf(number).Add(source.Units);
        }

        unitsSince = Math.Max(unitsSince, saved.UnitsSince);

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
            [.. bySource.Index().Where(static slot => slot.Item is not null)
                .Select(slot => slot.Item!.Copy(sources.Text(slot.Index)) with { Units = UnitsOf(slot.Index).Copy() })],
            [.. days.Days])
        {
            UnitsSince = unitsSince,
        };
    }

    private StatedUnits UnitsOf(int source) => unitsBySource[SlotOf(source)] ??= new StatedUnits(units);

    private void EndKeys()
    {
        if (sameKeys != 0)
        {
            (bySource[SlotOf(runSource)] ??= new KeyDays()).Add(day, runStated & CaseKeys.Registers, sameKeys);
            sameKeys = 0;
        }
    }

    private void EndDay()
    {
        if (sameDay != 0)
        {
            days.Add(day, sameDay);
            sameDay = 0;
        }
    }

    // Slot 0 is all others: its name is that of code 0, the empty text.
    private static int SlotOf(int source) => source <= MostSources ? source : 0;
}
