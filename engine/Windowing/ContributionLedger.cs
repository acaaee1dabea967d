using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Counts contributions by day and by sliding window as of a moving now. What lies after now waits in a log of its own and joins when now
/// reaches it; what a correction moves into the past joins exactly the windows still covering it.
/// Owned by one shard; a restart rebuilds it from the cases.
/// </summary>
public sealed class ContributionLedger
{
    // Before all time, with room for windows before it.
    private const long Begin = long.MinValue / 2;

    private readonly LaneSets sets;
    private readonly DeltaLog counted = new();
    private readonly DeltaLog ahead = new();
    private readonly SlidingWindow[] windows;
    private readonly WindowRows rows;

    // The last second before each window, the longest first; nothing before the first of them counts in any.
    private readonly long[] tails;
    private long now = Begin;

    // By unit, the version at which it last counted something else.
    private long[] changedAt = new long[256];

    /// <param name="sets">Gives the numbers of sets their meaning.</param>
    /// <param name="laneCount">The width of a row of counters.</param>
    /// <param name="sliding">The sliding periods to keep.</param>
    public ContributionLedger(LaneSets sets, int laneCount, IEnumerable<Period> sliding)
    {
        this.sets = sets;
        LaneCount = laneCount;
        Days = new DayCells(sets, laneCount);
        Period[] periods = [.. sliding.OrderByDescending(period => period.Seconds)];
        rows = new WindowRows(sets, laneCount, periods.Length);
        windows = [.. periods.Select((period, number) => new SlidingWindow(period, rows, number))];
        tails = [.. windows.Select(window => window.TailOf(now))];
    }

    public DayCells Days { get; }

    /// <summary>The width of a row of counters.</summary>
    public int LaneCount { get; }

    /// <summary>Now, whole seconds since 1970 UTC: what lies after it waits. Far in the past before it was first moved.</summary>
    public long Now => now;

    /// <summary>Grows whenever a day or a window counts something else than before: equal versions of a ledger count the same.</summary>
    public long Version { get; private set; }

    /// <summary>One more than the highest unit that was ever counted, rounded up.</summary>
    public int UnitEnd => changedAt.Length;

    /// <summary>The sliding periods kept, the longest first.</summary>
    public IReadOnlyList<SlidingWindow> Windows => windows;

    /// <summary>Contributions held for windows that still have to pass them, and for the future.</summary>
    public int Held => counted.Count + ahead.Count;

    /// <summary>The memory of what is held, bytes.</summary>
    public long Bytes => counted.Bytes + ahead.Bytes;

    /// <summary>True when a unit counts something else, on whatever day or in whatever window, than it did at a version.</summary>
    public bool HasChanged(int unit, long since) => unit < changedAt.Length && changedAt[unit] > since;

    /// <summary>True when a unit counts something else on a day of a stretch, bounds included, than it did at a version.</summary>
    public bool HasChanged(int unit, DateOnly from, DateOnly to, long since) =>
        HasChanged(unit, since) && Days.HasChanged(unit, LocalTime.DayOf(from), LocalTime.DayOf(to), since);

    /// <summary>Moves what counts at a place from one set of lanes to another.</summary>
    /// <param name="step">From <see cref="LaneSets.Between"/>.</param>
    /// <param name="count">How often.</param>
    public void Move(in Place place, LaneStep step, int count = 1)
    {
        if (place.Second > now)
        {
            File(ahead, in place, step, count);
        }
        else if (Count(in place, step, count))
        {
            File(counted, in place, step, count);
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
            var leaving = new Leaving { Ledger = this, Window = window.Number };
            counted.Visit(tails[window.Number], Math.Min(window.TailOf(nowSecond), now), ref leaving);
            tails[window.Number] = window.TailOf(nowSecond);
        }

        var joining = new Joining { Ledger = this };
        ahead.Visit(now, nowSecond, ref joining);
        now = nowSecond;
        counted.DropThrough(tails.Length > 0 ? tails[0] : now);
        ahead.DropThrough(now);
    }

    /// <summary>Without further contributions nothing counts otherwise before this second. The greatest number where nothing ever will.</summary>
    public long NextChange()
    {
        var next = ahead.NextAfter(now);
        foreach (var window in windows)
        {
            next = counted.NextAfter(tails[window.Number]) is < long.MaxValue and var leaves ? Math.Min(next, leaves + window.Period.Seconds) : next;
        }

        return next;
    }

    /// <summary>Counts on the day and in the windows that have not passed the second.</summary>
    /// <returns>False when all of them have.</returns>
    private bool Count(in Place place, LaneStep step, int count)
    {
        Change(place.Unit);
        Days.Apply(place.Unit, LocalTime.DayOfSecond(place.Second), step, count, Version);
        var covering = 0;
        while (covering < tails.Length && place.Second > tails[covering])
        {
            covering++;
        }

        if (covering == 0)
        {
            return false;
        }

        rows.Apply(place.Unit, 0, covering, step, count);
        return true;
    }

    private void Change(int unit)
    {
        if (unit >= changedAt.Length)
        {
            Array.Resize(ref changedAt, Math.Max(unit + 1, changedAt.Length * 2));
        }

        changedAt[unit] = ++Version;
    }

    private static void File(DeltaLog log, in Place place, LaneStep step, int count)
    {
        if (step.Before != LaneSets.None)
        {
            log.Append(place.Second, place.Unit, step.Before, -count);
        }

        if (step.After != LaneSets.None)
        {
            log.Append(place.Second, place.Unit, step.After, count);
        }
    }

    /// <summary>What now has reached: it counts on its day and in every window that has not passed it in the same step.</summary>
    private struct Joining : IDeltaVisitor
    {
        public required ContributionLedger Ledger;

        public readonly void Visit(long start, in Delta delta)
        {
            var place = new Place(delta.Unit, start + delta.Second);
            if (Ledger.Count(in place, Ledger.sets.To(delta.Word), delta.Count))
            {
                Ledger.counted.Append(place.Second, delta.Unit, delta.Word, delta.Count);
            }
        }
    }

    private struct Leaving : IDeltaVisitor
    {
        public required ContributionLedger Ledger;
        public required int Window;

        public readonly void Visit(long start, in Delta delta)
        {
            Ledger.Change(delta.Unit);
            Ledger.rows.Apply(delta.Unit, Window, 1, Ledger.sets.To(delta.Word), -delta.Count);
        }
    }
}
