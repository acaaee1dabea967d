namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// What is due when, earliest first; of equal times the one put in first. A binary heap that keeps its values inside the entries.
/// Bounded by what is put in: the open cases of the simulated offices. Owned by one stream.
/// </summary>
internal sealed class TimeQueue<T>
{
    private Entry[] entries = new Entry[1024];
    private long puts;

    public int Count { get; private set; }

    /// <summary>When the earliest is due; the end of time when there is none.</summary>
    public long NextTime => Count == 0 ? long.MaxValue : entries[0].Time;

    public void Put(long time, T value)
    {
        if (Count == entries.Length)
        {
            Array.Resize(ref entries, entries.Length * 2);
        }

        var entry = new Entry(time, puts++, value);
        var index = Count++;
        while (index > 0 && entry.IsBefore(entries[(index - 1) / 2]))
        {
            entries[index] = entries[(index - 1) / 2];
            index = (index - 1) / 2;
        }

        entries[index] = entry;
    }

    /// <summary>Takes the earliest away; there must be one.</summary>
    public T Take()
    {
        var first = entries[0].Value;
        var last = entries[--Count];
        entries[Count] = default;
        var index = 0;
        for (var child = 1; child < Count; child = (index * 2) + 1)
        {
            child += child + 1 < Count && entries[child + 1].IsBefore(entries[child]) ? 1 : 0;
            if (!entries[child].IsBefore(last))
            {
                break;
            }

            entries[index] = entries[child];
            index = child;
        }

        if (Count > 0)
        {
            entries[index] = last;
        }

        return first;
    }

    private readonly record struct Entry(long Time, long Order, T Value)
    {
        public bool IsBefore(in Entry other) => Time != other.Time ? Time < other.Time : Order < other.Order;
    }
}
