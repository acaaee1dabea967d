using System.Runtime.InteropServices;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// The counters of all units over one stretch of time: copied from a shard on its own thread, then added to those of the other shards.
/// </summary>
public sealed class LedgerSums(Period period, (DateOnly From, DateOnly To)? days, Func<int, int>? shownAs = null)
{
    private readonly Dictionary<int, int[]> rows = [];

    public Period Period { get; } = period;

    /// <summary>The local days of a calendar period, both included; null for a sliding one.</summary>
    public (DateOnly From, DateOnly To)? Days { get; } = days;

    /// <summary>Units with counters, by code id.</summary>
    public IReadOnlyDictionary<int, int[]> Rows => rows;

    /// <summary>
    /// Copies what a ledger holds for a period as of its now: a sliding period that is kept, or the calendar stretch that contains a day.
    /// </summary>
    /// <param name="ledger">The ledger, standing still.</param>
    /// <param name="period">Sliding or calendar.</param>
    /// <param name="anchor">A day in the stretch meant.</param>
    /// <param name="today">The local day of now.</param>
    /// <param name="shownAs">The unit whose row a unit is added to, which bounds the rows; null to keep all apart.</param>
    /// <returns>Null for a sliding period that is not kept, and for <see cref="PeriodKind.Now"/>.</returns>
    public static LedgerSums? Of(ContributionLedger ledger, Period period, DateOnly anchor, DateOnly today, Func<int, int>? shownAs = null)
    {
        if (period.Kind == PeriodKind.Sliding)
        {
            var window = ledger.Windows.FirstOrDefault(kept => kept.Period.Seconds == period.Seconds);
            return window is null ? null : OfWindow(window, ledger.LaneCount, period, shownAs);
        }

        var stretch = period.Kind switch
        {
            PeriodKind.Since => (period.From, today),
            PeriodKind.Range => (period.From, period.To),
            _ => CalendarPeriods.Containing(period, anchor, today),
        };
        return stretch is { } days ? OfDays(ledger.Days, ledger.LaneCount, period, days, shownAs) : null;
    }

    /// <summary>Adds another shard's counters.</summary>
    public void Merge(LedgerSums other)
    {
        foreach (var (unit, lanes) in other.rows)
        {
            Add(unit, lanes);
        }
    }

    private static LedgerSums OfWindow(SlidingWindow window, int laneCount, Period period, Func<int, int>? shownAs)
    {
        var sums = new LedgerSums(period, null, shownAs);
        for (var unit = 0; unit < window.UnitEnd; unit++)
        {
            if (window.Has(unit))
            {
                window.AddTo(sums.RowOf(unit, laneCount), unit);
            }
        }

        return sums;
    }

    private static LedgerSums OfDays(DayCells cells, int laneCount, Period period, (DateOnly From, DateOnly To) days, Func<int, int>? shownAs)
    {
        var sums = new LedgerSums(period, days, shownAs);
        var (first, last) = (LocalTime.DayOf(days.From), LocalTime.DayOf(days.To));
        var within = last - first < cells.Days.Count
            ? Enumerable.Range(first, Math.Max(last - first + 1, 0))
            : cells.Days.Where(day => day >= first && day <= last);
        foreach (var counted in within.Select(cells.On).OfType<IReadOnlyDictionary<int, DayCell>>())
        {
            foreach (var (unit, cell) in counted)
            {
                cells.AddTo(sums.RowOf(unit, laneCount), cell);
            }
        }

        return sums;
    }

    private void Add(int unit, ReadOnlySpan<int> lanes)
    {
        var row = RowOf(unit, lanes.Length);
        for (var i = 0; i < lanes.Length; i++)
        {
            row[i] += lanes[i];
        }
    }

    private int[] RowOf(int unit, int laneCount)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, shownAs is null ? unit : shownAs(unit), out _);
        return row ??= new int[laneCount];
    }
}
