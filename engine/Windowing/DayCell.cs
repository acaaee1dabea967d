using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// What counts in one unit on one day. Most unit-days see few different sets of lanes, so it is a short list of their numbers with counts; once a row of
/// all lanes is smaller, it is that row and stays it. So it never takes more than twice a row, and an ordinary commune's day takes about a hundred bytes.
/// Owned by one shard.
/// </summary>
public sealed class DayCell
{
    private const int FirstCapacity = 4, IsRow = -1;

    // Numbers of sets in the first half and how often each counts in the second; or a row of lanes.
    private int[] entries = [];

    // Sets in the list; IsRow for a row.
    private int used;

    /// <summary>The ledger's version at which it last counted something else.</summary>
    public long ChangedAt { get; internal set; }

    /// <summary>True when it counts nothing any more.</summary>
    public bool IsEmpty => used == 0 || (used == IsRow && !entries.AsSpan().ContainsAnyExcept(0));

    /// <summary>Takes a step, so often.</summary>
    internal void Apply(LaneStep step, int count, LaneSets sets, int laneCount)
    {
        if (used == IsRow)
        {
            step.ApplyTo(entries, count);
            return;
        }

        Add(step.Before, -count);
        Add(step.After, count);
        if (used * 2 > laneCount)
        {
            var row = new int[laneCount];
            AddTo(row, sets);
            (entries, used) = (row, IsRow);
        }
    }

    /// <summary>Adds the counters to a row of lanes.</summary>
    internal void AddTo(Span<int> row, LaneSets sets)
    {
        if (used == IsRow)
        {
            CounterRow.Add(row, entries);
            return;
        }

        for (var i = 0; i < used; i++)
        {
            var count = entries[(entries.Length / 2) + i];
            foreach (var lane in sets[entries[i]])
            {
                row[lane] += count;
            }
        }
    }

    private void Add(int set, int count)
    {
        if (set == LaneSets.None)
        {
            return;
        }

        var half = entries.Length / 2;
        var at = entries.AsSpan(0, used).IndexOf(set);
        if (at < 0)
        {
            Append(set, count);
            return;
        }

        entries[half + at] += count;
        if (entries[half + at] == 0)
        {
            used--;
            (entries[at], entries[half + at]) = (entries[used], entries[half + used]);
        }
    }

    private void Append(int set, int count)
    {
        var half = entries.Length / 2;
        if (used == half)
        {
            var wider = new int[Math.Max(FirstCapacity, half * 2) * 2];
            entries.AsSpan(0, used).CopyTo(wider);
            entries.AsSpan(half, used).CopyTo(wider.AsSpan(wider.Length / 2));
            (entries, half) = (wider, wider.Length / 2);
        }

        (entries[used], entries[half + used]) = (set, count);
        used++;
    }
}
