using KpiStream.Engine.Kpis;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Counts contributions by day and by sliding window as of a moving now. What lies after now is held in the delta log and joins when now
/// reaches it; what a correction moves into the past joins exactly the windows still covering it (spec section 5).
/// Owned by one shard; a restart rebuilds it from the cases.
/// </summary>
public sealed class ContributionLedger
{
    private const int GroupShift = 56;
    private const ulong ConditionMask = (1UL << GroupShift) - 1;

    private readonly LaneCache lanes;
    private readonly DeltaLog log = new();
    private readonly SlidingWindow[] windows;
    private readonly long longestWindow;
    private long now = long.MinValue / 2;

    /// <param name="rules">The figures to count.</param>
    /// <param name="sliding">The sliding periods to keep.</param>
    public ContributionLedger(CompiledRulebook rules, IEnumerable<Period> sliding)
    {
        lanes = new LaneCache(rules);
        Days = new DayCells(rules.LaneCount);
        windows = [.. sliding.Select(period => new SlidingWindow(period, rules.LaneCount))];
        longestWindow = windows.Select(window => window.Period.Seconds).DefaultIfEmpty().Max();
    }

    public DayCells Days { get; }

    public IReadOnlyList<SlidingWindow> Windows => windows;

    /// <summary>Contributions the delta log holds for windows and for the future.</summary>
    public int Held => log.Count;

    /// <summary>The memory of what the delta log holds, bytes.</summary>
    public long Bytes => log.Bytes;

    /// <summary>Counts a contribution (+1) or takes it back (−1).</summary>
    public void Add(in Contribution contribution, int count)
    {
        var counted = lanes.Of(contribution.Group, contribution.Conditions);
        if (counted.IsEmpty)
        {
            return;
        }

        if (contribution.Second <= now)
        {
            Count(contribution.Unit, contribution.Second, counted, count, now);
        }

        if (contribution.Second > now - longestWindow)
        {
            log.Append(contribution.Second, new Delta(contribution.Unit, contribution.Conditions | ((ulong)contribution.Group << GroupShift), count));
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
            var leaving = new Leaving { Lanes = lanes, Rows = window.Rows };
            log.Visit(window.TailOf(now), Math.Min(window.TailOf(nowSecond), now), ref leaving);
        }

        var joining = new Joining { Ledger = this, Now = nowSecond };
        log.Visit(now, nowSecond, ref joining);
        now = nowSecond;
        log.DropThrough(now - longestWindow);
    }

    private void Count(int unit, long second, ReadOnlySpan<ushort> counted, int count, long asOf)
    {
        Days.Add(unit, LocalTime.DayOfSecond(second), counted, count);
        foreach (var window in windows)
        {
            if (second > window.TailOf(asOf))
            {
                window.Rows.Add(unit, counted, count);
            }
        }
    }

    private static ReadOnlySpan<ushort> LanesOf(LaneCache lanes, in Delta delta) => lanes.Of((int)(delta.Word >> GroupShift), delta.Word & ConditionMask);

    /// <summary>What now has reached: it counts on its day and in every window that has not passed it in the same step.</summary>
    private struct Joining : IDeltaVisitor
    {
        public required ContributionLedger Ledger;
        public required long Now;

        public readonly void Visit(long second, in Delta delta) =>
            Ledger.Count(delta.Unit, second, LanesOf(Ledger.lanes, in delta), delta.Count, Now);
    }

    private struct Leaving : IDeltaVisitor
    {
        public required LaneCache Lanes;
        public required LaneRows Rows;

        public readonly void Visit(long second, in Delta delta) => Rows.Add(delta.Unit, LanesOf(Lanes, in delta), -delta.Count);
    }
}
