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
            Days.Add(contribution.Unit, LocalTime.DayOfSecond(contribution.Second), counted, count);
            foreach (var window in windows)
            {
                if (contribution.Second > window.TailOf(now))
                {
                    window.Rows.Add(contribution.Unit, counted, count);
                }
            }
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
            var leaving = new Adding { Lanes = lanes, Window = window, Sign = -1 };
            log.Visit(window.TailOf(now), Math.Min(window.TailOf(nowSecond), now), ref leaving);
            var joining = new Adding { Lanes = lanes, Window = window, Sign = 1 };
            log.Visit(Math.Max(window.TailOf(nowSecond), now), nowSecond, ref joining);
        }

        var counting = new Adding { Lanes = lanes, Days = Days, Sign = 1 };
        log.Visit(now, nowSecond, ref counting);
        now = nowSecond;
        log.DropThrough(now - longestWindow);
    }

    private struct Adding : IDeltaVisitor
    {
        public required LaneCache Lanes;
        public required int Sign;
        public SlidingWindow? Window;
        public DayCells? Days;

        public readonly void Visit(long second, in Delta delta)
        {
            var counted = Lanes.Of((int)(delta.Word >> GroupShift), delta.Word & ConditionMask);
            Window?.Rows.Add(delta.Unit, counted, Sign * delta.Count);
            Days?.Add(delta.Unit, LocalTime.DayOfSecond(second), counted, Sign * delta.Count);
        }
    }
}
