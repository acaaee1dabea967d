namespace KpiStream.Engine.Arrivals;

/// <summary>
/// When events of each source arrived. Written by one intake's flow, a few comparisons an event; any thread may read. Bounded: sources beyond
/// <see cref="MostSources"/> are one. Saved in checkpoints; without one it comes back as the log is read again.
/// </summary>
/// <param name="names">The engine's table of source names, whose numbers follow the order in which sources were met.</param>
/// <param name="wallClock">Milliseconds since 1970 UTC; asked once for a crowd of events.</param>
public sealed class SourceArrivals(CodeTable names, Func<long> wallClock)
{
    /// <summary>Sources that are told apart.</summary>
    public const int MostSources = 64;

    private const int EventsPerGlance = 64;

    private readonly Lock changing = new();
    private readonly Slot?[] slots = new Slot?[MostSources + 1];
    private readonly Slot whole = new();
    private long now = long.MinValue;
    private int untilGlance;

    /// <summary>An event arrived.</summary>
    /// <param name="source">Code id of its source.</param>
    /// <param name="arrival">Milliseconds since 1970 UTC.</param>
    /// <param name="isPast">True when it arrived then, as far as that is not in the future; false when it arrives now.</param>
    public void Add(int source, long arrival, bool isPast)
    {
        if (--untilGlance <= 0 || (isPast && arrival > now))
        {
            (now, untilGlance) = (wallClock(), EventsPerGlance);
        }

        var at = isPast ? Math.Min(arrival, now) : now;
        var slot = slots[source <= MostSources ? source : 0];
        if (slot is null || (ulong)(at - slot.Begin) >= SourceDay.StretchMillis)
        {
            slot = Begin(source <= MostSources ? source : 0, at);
        }

        slot.Pending++;
        slot.Reach(at, isPast);
        whole.Reach(at, isPast);
    }

    /// <summary>Nothing more comes at present: what comes next comes at another time.</summary>
    public void Rest() => untilGlance = 0;

    /// <summary>What is known of the stream as a whole, and of each source in the order of their first events.</summary>
    /// <param name="today">Now's local day.</param>
    public (SourceArrival Whole, IReadOnlyList<SourceArrival> Sources) Read(int today, WorkingCalendar calendar)
    {
        lock (changing)
        {
            SourceArrival Of(Slot slot, string name) =>
                new(name, slot.Last, slot.History.RatesBefore(Math.Min(today, LocalTime.DayOf(slot.Last)), calendar), slot.History.StretchesOn(today));

            // The others have number 0 and come last.
            return (Of(whole, ""), [.. slots.Index().Skip(1).Append((0, slots[0])).Where(static one => one.Item2 is { Last: > 0 })
                .Select(one => Of(one.Item2!, names.Text(one.Item1)))]);
        }
    }

    /// <summary>To be asked by the flow that adds.</summary>
    public IReadOnlyList<SavedArrivals> Save()
    {
        lock (changing)
        {
            for (var i = 0; i < slots.Length; i++)
            {
                Settle(slots[i]);
            }

            return [.. slots.Index().Where(static one => one.Item is { Last: > 0 }).Select(one => one.Item!.Save(names.Text(one.Index))),
                .. whole.Last > 0 ? [whole.Save(null)] : Array.Empty<SavedArrivals>()];
        }
    }

    /// <summary>Continues from what was saved; what lies in the future counts as now.</summary>
    public void Restore(IReadOnlyList<SavedArrivals> saved)
    {
        var wall = wallClock();
        lock (changing)
        {
            foreach (var one in saved.Where(static one => one.LastAt > 0))
            {
                var source = one.Source is { } name ? names.Intern(name) : 0;
                var slot = one.Source is null ? whole : slots[source <= MostSources ? source : 0] ??= new Slot();
                slot.History.Restore(one, LocalTime.DayOf(wall));
                slot.Reach(Math.Min(one.LastAt, wall), isPast: true);
            }
        }
    }

    /// <summary>The first event of other ten seconds than the one before.</summary>
    private Slot Begin(int index, long at)
    {
        lock (changing)
        {
            var slot = slots[index] ??= new Slot();
            Settle(slot);
            slot.Begin = LocalTime.FloorDiv(at, SourceDay.StretchMillis) * SourceDay.StretchMillis;
            var today = LocalTime.DayOf(now);
            if (slot.History.Note(at, today))
            {
                whole.History.Note(at, today);
            }

            return slot;
        }
    }

    private void Settle(Slot? slot)
    {
        if (slot is { Pending: > 0 })
        {
            slot.History.AddEvents(slot.Begin, slot.Pending, LocalTime.DayOf(now));
            whole.History.AddEvents(slot.Begin, slot.Pending, LocalTime.DayOf(now));
            slot.Pending = 0;
        }
    }

    /// <summary>One source. <see cref="Last"/> may be read at any time, the history under the lock; the rest is the flow's alone.</summary>
    private sealed class Slot
    {
        private long last;

        public SourceHistory History { get; } = new();

        /// <summary>When the ten seconds began that the newest event came in.</summary>
        public long Begin { get; set; } = long.MinValue;

        /// <summary>Events since then that the history does not have.</summary>
        public int Pending { get; set; }

        public long Last => Volatile.Read(ref last);

        /// <summary>What comes now is the last, whatever an earlier clock said.</summary>
        public void Reach(long at, bool isPast)
        {
            if (at > last || (!isPast && at != last))
            {
                Volatile.Write(ref last, at);
            }
        }

        public SavedArrivals Save(string? name) => new(name, History.FirstDay, Last,
        [
            .. History.Days.SelectMany(static day => Enumerable.Range(0, SourceDay.HalfHours)
                .Where(half => day.StretchesByHalfHour[half] > 0 || day.EventsByHalfHour[half] > 0)
                .Select(half => new SavedHalfHour(day.Number, half, day.StretchesByHalfHour[half], day.EventsByHalfHour[half]))),
        ]);
    }
}
