using KpiStream.Engine.Time;

namespace KpiStream.Engine.Events;

/// <summary>
/// Counts what accepted events state: keys by source and events by day. Bounded: sources beyond <see cref="MostSources"/> are counted together.
/// Owned by one shard; saved in checkpoints, so that a restart changes nothing.
/// </summary>
/// <param name="sources">The engine's table of source names, whose numbers follow the order in which sources were met.</param>
public sealed class StreamCounter(CodeTable sources)
{
    /// <summary>Sources counted by name.</summary>
    public const int MostSources = 64;

    private readonly KeyCounter?[] bySource = new KeyCounter?[MostSources + 1];
    private readonly DayCounter days = new();

    /// <summary>Counts an accepted event.</summary>
    public void Add(in CaseEvent counted)
    {
        (bySource[SlotOf(counted.Values.Source)] ??= new KeyCounter()).Add(counted.Stated & CaseKeys.Registers);
        days.Add(LocalTime.DayOf(counted.Stamp.At));
    }

    /// <summary>Counts a record of a day, of whose keys nothing is known.</summary>
    /// <param name="at">Milliseconds since 1970 UTC.</param>
    public void AddDay(long at) => days.Add(LocalTime.DayOf(at));

    /// <summary>Adds what an earlier run had counted.</summary>
    public void Add(StreamCounts saved)
    {
        foreach (var source in saved.Sources)
        {
            (bySource[SlotOf(sources.Intern(source.Source))] ??= new KeyCounter()).Add([.. source.Counts]);
        }

        foreach (var (day, events) in saved.Days)
        {
            days.Add(day, events);
        }
    }

    /// <summary>A copy of the counts.</summary>
    public StreamCounts Copy() => new(
        [.. bySource.Index().Where(static slot => slot.Item is not null).Select(slot => new SourceKeys(sources.Text(slot.Index), slot.Item!.ToArray()))],
            [.. days.Days]);

    // Slot 0 is all others: its name is that of code 0, the empty text.
    private static int SlotOf(int source) => source <= MostSources ? source : 0;
}
