using KpiStream.Engine.Kpis;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Counts contributions by day and by sliding window as of a moving now. What lies after now waits in a log of its own and joins when now
/// reaches it; what a correction moves into the past joins exactly the windows still covering it (spec section 5).
/// Owned by one shard; a restart rebuilds it from the cases.
/// </summary>
public sealed class ContributionLedger
{
    private readonly LaneSets sets;
    private readonly DeltaLog counted = new();
    private readonly DeltaLog ahead = new();
    private readonly SlidingWindow[] windows;
    private readonly long longestWindow;
    private long now = long.MinValue / 2;

    /// <param name="sets">Gives the numbers of sets their meaning.</param>
    /// <param name="laneCount">The width of a row of counters.</param>
    /// <param name="sliding">The sliding periods to keep.</param>
    public ContributionLedger(LaneSets sets, int laneCount, IEnumerable<Period> sliding)
    {
        this.sets = sets;
        Days = new DayCells(laneCount);
        windows = [.. sliding.Select(period => new SlidingWindow(period, laneCount))];
        longestWindow = windows.Select(window => window.Period.Seconds).DefaultIfEmpty().Max();
    }

    public DayCells Days { get; }

    /// <summary>Now, whole seconds since 1970 UTC: what lies after it waits. Far in the past before it was first moved.</summary>
    public long Now => now;

    public IReadOnlyList<SlidingWindow> Windows => windows;

    /// <summary>Contributions held for windows that still have to pass them, and for the future.</summary>
    public int Held => counted.Count + ahead.Count;

    /// <summary>The memory of what is held, bytes.</summary>
    public long Bytes => counted.Bytes + ahead.Bytes;

    /// <summary>Moves what counts at a place from one set of lanes to another; <see cref="LaneSets.None"/> for nothing before or after.</summary>
    /// <param name="place">Where.</param>
    /// <param name="before">Taken back.</param>
    /// <param name="after">Applied; another set.</param>
    /// <param name="count">How often.</param>
    public void Move(in Place place, int before, int after, int count = 1)
    {
        if (place.Second > now)
        {
            File(ahead, in place, before, after, count);
            return;
        }

        Count(in place, sets.Between(before, after), count, now);
        if (place.Second > now - longestWindow)
        {
            File(counted, in place, before, after, count);
        }
    }

    /// <summary>Moves now forward; an earlier second changes nothing.</summary>
    public void AdvanceTo(long nowSecond)
    {
        if (nowSecond <= now)
        {
            return;
        }

        foreach (var window in windows)
        {
            var leaving = new Leaving { Sets = sets, Rows = window.Rows };
            counted.Visit(window.TailOf(now), Math.Min(window.TailOf(nowSecond), now), ref leaving);
        }

        var joining = new Joining { Ledger = this, Now = nowSecond };
        ahead.Visit(now, nowSecond, ref joining);
        now = nowSecond;
        counted.DropThrough(now - longestWindow);
        ahead.DropThrough(now);
    }

    private void Count(in Place place, LaneStep step, int count, long asOf)
    {
        Days.Apply(place.Unit, LocalTime.DayOfSecond(place.Second), step, count);
        foreach (var window in windows)
        {
            if (place.Second > window.TailOf(asOf))
            {
                window.Rows.Apply(place.Unit, step, count);
            }
        }
    }

    private static void File(DeltaLog log, in Place place, int before, int after, int count)
    {
        if (before != LaneSets.None)
        {
            log.Append(place.Second, place.Unit, before, -count);
        }

        if (after != LaneSets.None)
        {
            log.Append(place.Second, place.Unit, after, count);
        }
    }

    /// <summary>What now has reached: it counts on its day and in every window that has not passed it in the same step.</summary>
    private struct Joining : IDeltaVisitor
    {
        public required ContributionLedger Ledger;
        public required long Now;

        public readonly void Visit(long start, in Delta delta)
        {
            var place = new Place(delta.Unit, start + delta.Second);
            Ledger.Count(in place, Ledger.sets.Between(LaneSets.None, delta.Word), delta.Count, Now);
            if (place.Second > Now - Ledger.longestWindow)
            {
                Ledger.counted.Append(place.Second, delta.Unit, delta.Word, delta.Count);
            }
        }
    }

    private struct Leaving : IDeltaVisitor
    {
        public required LaneSets Sets;
        public required LaneRows Rows;

        public readonly void Visit(long start, in Delta delta) => Rows.Apply(delta.Unit, Sets.Between(delta.Word, LaneSets.None), delta.Count);
    }
}
