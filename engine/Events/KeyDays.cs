namespace KpiStream.Engine.Events;

/// <summary>
/// Counts the keys that one source states, altogether and on each of the newest local days. Which days are kept depends on no order: an event of a day older
/// than all of them counts altogether only. Owned by one shard; bounded by <see cref="MostDays"/>; saved in checkpoints.
/// </summary>
internal sealed class KeyDays
{
    /// <summary>A month of days with events, and the day that is compared with it.</summary>
    public const int MostDays = 32;

    // Newest first: live events are of the first day, those of a replay too.
    private readonly List<Slot> kept = new(MostDays + 1);
    private readonly KeyCounter older = new();

    /// <param name="day">The local day.</param>
    /// <param name="stated">A bit for each <see cref="CaseKey"/>.</param>
    /// <param name="events">How many such events.</param>
    public void Add(int day, uint stated, long events)
    {
        if (SlotOf(day) is not { } slot)
        {
            older.Add(stated, events);
            return;
        }

        slot.Counter.Add(stated, events);
        slot.Copy = null;
    }

    /// <summary>Adds what an earlier run had counted.</summary>
    public void Add(SourceKeys saved)
    {
        var rest = saved.Counts.ToArray();
        foreach (var day in saved.Days)
        {
            if (SlotOf(day.Day) is { } slot)
            {
                slot.Counter.Add([.. day.Counts]);
                slot.Copy = null;
                Subtract(rest, day.Counts);
            }
        }

        older.Add(rest);
    }

    /// <summary>A copy of the counts; of days that have not changed, the copy of before.</summary>
    public SourceKeys Copy(string source)
    {
        var days = new DayKeys[kept.Count];
        var all = older.ToArray();
        foreach (var (place, slot) in kept.Index())
        {
            var day = slot.Copy ??= new DayKeys(slot.Day, slot.Counter.ToArray());
            days[^(place + 1)] = day;
            for (var key = 0; key < all.Length; key++)
            {
                all[key] += day.Counts[key];
            }
        }

        return new SourceKeys(source, all) { Days = days };
    }

    private Slot? SlotOf(int day)
    {
        var place = 0;
        while (place < kept.Count && kept[place].Day > day)
        {
            place++;
        }

        if (place < kept.Count && kept[place].Day == day)
        {
            return kept[place];
        }

        if (place == MostDays)
        {
            return null;
        }

        var slot = new Slot(day);
        kept.Insert(place, slot);
        if (kept.Count > MostDays)
        {
            older.Add(kept[^1].Counter.ToArray());
            kept.RemoveAt(MostDays);
        }

        return slot;
    }

    private static void Subtract(long[] counts, IReadOnlyList<long> part)
    {
        for (var key = 0; key < counts.Length; key++)
        {
            counts[key] = Math.Max(0, counts[key] - part[key]);
        }
    }

    private sealed class Slot(int day)
    {
        public int Day { get; } = day;

        public KeyCounter Counter { get; } = new();

        public DayKeys? Copy { get; set; }
    }
}
