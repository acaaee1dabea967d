using System.Runtime.InteropServices;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// The counters of all units over one stretch of time: copied from a shard on its own thread, then added to those of the other shards.
/// </summary>
public sealed class LedgerSums
{
    private readonly Dictionary<int, int[]> rows;
    private readonly Func<int, int>? shownAs;

    /// <param name="period">The period.</param>
    /// <param name="days">See <see cref="Days"/>.</param>
    /// <param name="shownAs">The unit whose row a unit is added to; null to keep all apart.</param>
    public LedgerSums(Period period, (DateOnly From, DateOnly To)? days, Func<int, int>? shownAs = null)
        : this(period, days, shownAs, [])
    {
    }

    private LedgerSums(Period period, (DateOnly From, DateOnly To)? days, Func<int, int>? shownAs, Dictionary<int, int[]> rows) =>
        (Period, Days, this.shownAs, this.rows) = (period, days, shownAs, rows);

    public Period Period { get; }

    /// <summary>The local days of a calendar period, both included; null for a sliding one.</summary>
    public (DateOnly From, DateOnly To)? Days { get; }

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

        return DaysOf(period, anchor, today) is { } days ? OfDays(ledger.Days, ledger.LaneCount, period, days, shownAs) : null;
    }

    /// <summary>The local days of a calendar period, both included; null for any other.</summary>
    /// <param name="anchor">A day in the stretch meant.</param>
    /// <param name="today">The local day of now.</param>
    internal static (DateOnly From, DateOnly To)? DaysOf(Period period, DateOnly anchor, DateOnly today) => period.Kind switch
    {
        PeriodKind.Since => (period.From, today),
        PeriodKind.Range => (period.From, period.To),
        _ => CalendarPeriods.Containing(period, anchor, today),
    };

    /// <summary>
    /// Copies what has changed since an earlier copy of the same ledger, stretch and units shown, and takes the rows of all other units from it. Neither is to
    /// be merged into afterwards.
    /// </summary>
    /// <param name="ledger">The ledger, standing still.</param>
    /// <param name="before">The earlier copy.</param>
    /// <param name="since">The ledger's version then.</param>
    public static LedgerSums After(ContributionLedger ledger, LedgerSums before, long since)
    {
        var sums = new LedgerSums(before.Period, before.Days, before.shownAs, new(before.rows));
        var shown = new HashSet<int>();
        for (var unit = 0; unit < ledger.UnitEnd; unit++)
        {
            if (sums.HasChanged(ledger, unit, since) && shown.Add(sums.Shown(unit)))
            {
                sums.rows.Remove(sums.Shown(unit));
            }
        }

        if (shown.Count == 0)
        {
            return before;
        }

        // Of a row that several units share, all are counted again.
        for (var unit = 0; unit < ledger.UnitEnd && shown.Count > 0; unit++)
        {
            if (ledger.HasChanged(unit, 0) && shown.Contains(sums.Shown(unit)))
            {
                sums.Count(ledger, unit);
            }
        }

        return sums;
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
        foreach (var counted in cells.Within(days.From, days.To))
        {
            foreach (var (unit, cell) in counted)
            {
                cells.AddTo(sums.RowOf(unit, laneCount), cell);
            }
        }

        return sums;
    }

    private bool HasChanged(ContributionLedger ledger, int unit, long since) =>
        Days is { } days ? ledger.HasChanged(unit, days.From, days.To, since) : ledger.HasChanged(unit, since);

    private void Count(ContributionLedger ledger, int unit)
    {
        if (Days is not { } days)
        {
            var window = ledger.Windows.First(kept => kept.Period.Seconds == Period.Seconds);
            if (window.Has(unit))
            {
                window.AddTo(RowOf(unit, ledger.LaneCount), unit);
            }

            return;
        }

        foreach (var day in ledger.Days.Days)
        {
            if (day >= LocalTime.DayOf(days.From) && day <= LocalTime.DayOf(days.To) && ledger.Days.On(day)!.TryGetValue(unit, out var cell))
            {
                ledger.Days.AddTo(RowOf(unit, ledger.LaneCount), cell);
            }
        }
    }

    private int Shown(int unit) => shownAs is null ? unit : shownAs(unit);

    private void Add(int unit, ReadOnlySpan<int> lanes) => CounterRow.Add(RowOf(unit, lanes.Length), lanes);

    private int[] RowOf(int unit, int laneCount)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, Shown(unit), out _);
        return row ??= new int[laneCount];
    }
}
