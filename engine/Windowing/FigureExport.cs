using System.Runtime.InteropServices;
using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Time;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// The rows of <c>--export</c> (spec section 8) from the ledgers of all shards. The ledgers must stand still: their shards have stopped,
/// and all were advanced to the same now.
/// </summary>
public sealed class FigureExport(CompiledRulebook rules, CodeTable units, UnitDirectory directory, long nowMillis, bool rollUp)
{
    private readonly DateOnly today = LocalTime.DateOf(LocalTime.DayOf(nowMillis));
    private readonly UnitSuccessors successors = new(units, directory);
    private readonly Dictionary<int, int[]> shownUnder = [];

    /// <summary>All rows of the periods asked for, in no particular order.</summary>
    public IEnumerable<FigureRow> Rows(IReadOnlyList<CaseLedger> ledgers, IReadOnlyList<Period> periods) => periods.SelectMany(period => period.Kind switch
    {
        PeriodKind.Sliding => SlidingRows(ledgers, period),
        PeriodKind.Now => GaugeRows(ledgers, period),
        _ => CalendarRows(ledgers, period),
    });

    private IEnumerable<FigureRow> SlidingRows(IReadOnlyList<CaseLedger> ledgers, Period period)
    {
        var tally = new Tally<int>(rules);
        var row = new int[rules.LaneCount];
        foreach (var window in ledgers.SelectMany(ledger => ledger.Figures.Windows).Where(window => window.Period.Name == period.Name))
        {
            for (var unit = 0; unit < window.UnitEnd; unit++)
            {
                if (!window.Has(unit))
                {
                    continue;
                }

                Array.Clear(row);
                window.AddTo(row, unit);
                foreach (var shown in ShownUnder(unit))
                {
                    tally.Add(shown, row);
                }
            }
        }

        var end = LocalTime.SecondOf(nowMillis) * LocalTime.MillisPerSecond;
        var from = InstantText.ToLocalSeconds(end - (period.Seconds * LocalTime.MillisPerSecond));
        var to = InstantText.ToLocalSeconds(end);
        return WithZeros(tally, period, from, to);
    }

    private IEnumerable<FigureRow> CalendarRows(IReadOnlyList<CaseLedger> ledgers, Period period)
    {
        if (period.Kind == PeriodKind.Since)
        {
            return WithZeros(TallyBy(ledgers, period, (unit, _) => unit), period, Date(period.From), Date(today));
        }

        return TallyBy(ledgers, period, (unit, stretch) => (Unit: unit, stretch.From, stretch.To)).Counted()
            .Select(cell => Row(cell.Figure, units.Text(cell.Key.Unit), period, Date(cell.Key.From), Date(cell.Key.To), cell.Sum));
    }

    private Tally<TKey> TallyBy<TKey>(IReadOnlyList<CaseLedger> ledgers, Period period, Func<int, (DateOnly From, DateOnly To), TKey> key)
        where TKey : notnull
    {
        var tally = new Tally<TKey>(rules);
        foreach (var ledger in ledgers)
        {
            foreach (var day in ledger.Figures.Days.Days)
            {
                if (CalendarPeriods.Containing(period, LocalTime.DateOf(day), today) is { } stretch)
                {
                    AddDay(ledger.Figures.Days, day, (unit, lanes) => tally.Add(key(unit, stretch), lanes));
                }
            }
        }

        return tally;
    }

    private void AddDay(DayCells cells, int day, Action<int, int[]> add)
    {
        var lanes = new int[rules.LaneCount];
        foreach (var (unit, cell) in cells.On(day)!.Where(cell => !cell.Value.IsEmpty))
        {
            Array.Clear(lanes);
            cells.AddTo(lanes, cell);
            foreach (var shown in ShownUnder(unit))
            {
                add(shown, lanes);
            }
        }
    }

    private IEnumerable<FigureRow> GaugeRows(IReadOnlyList<CaseLedger> ledgers, Period period)
    {
        var sums = new Dictionary<int, long[]>();
        foreach (var unit in ShownAtZero())
        {
            sums.Add(unit, new long[Gauges.Count]);
        }

        var shown = sums.Keys.ToHashSet();
        foreach (var ledger in ledgers)
        {
            for (var unit = 0; unit < ledger.Gauges.UnitEnd; unit++)
            {
                AddGauges(sums, unit, ledger.Gauges[unit]);
            }
        }

        var now = InstantText.ToLocalSeconds(nowMillis);
        return from sum in sums
               from gauge in Enum.GetValues<Gauge>()
               let count = sum.Value[(int)gauge]
               where count > 0 || shown.Contains(sum.Key)
               select new FigureRow(Gauges.NameOf(gauge), units.Text(sum.Key), period.Name, "", now, count, null, null);
    }

    private void AddGauges(Dictionary<int, long[]> sums, int unit, ReadOnlySpan<int> gauges)
    {
        foreach (var shown in gauges.IsEmpty ? [] : ShownUnder(successors.Resolve(unit, LocalTime.DayOf(nowMillis))))
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, shown, out _);
            sum ??= new long[Gauges.Count];
            for (var i = 0; i < Gauges.Count; i++)
            {
                sum[i] += gauges[i];
            }
        }
    }

    private IEnumerable<FigureRow> WithZeros(Tally<int> tally, Period period, string from, string to)
    {
        var zeros = ShownAtZero().ToList();
        var shown = zeros.ToHashSet();
        return tally.Counted().Where(cell => !shown.Contains(cell.Key))
            .Concat(zeros.SelectMany(tally.AllOf))
            .Select(cell => Row(cell.Figure, units.Text(cell.Key), period, from, to, cell.Sum));
    }

    private IEnumerable<int> ShownAtZero() => directory.Rows
        .Where(row => row.ValidTo is null && (rollUp || directory.IsLeaf(row.Code)))
        .Select(row => units.Intern(row.Code));

    /// <summary>The unit itself, and with roll-up all units above it.</summary>
    private int[] ShownUnder(int unit)
    {
        ref var shown = ref CollectionsMarshal.GetValueRefOrAddDefault(shownUnder, unit, out _);
        return shown ??= [unit, .. rollUp ? directory.Above(units.Text(unit)).Select(units.Intern) : []];
    }

    private static FigureRow Row(CompiledFigure figure, string unit, Period period, string from, string to, FigureCount sum) => figure.Definition.IsVolume
        ? new(figure.Definition.Id, unit, period.Name, from, to, sum.Denominator, null, null)
        : new(figure.Definition.Id, unit, period.Name, from, to, sum.Denominator, sum.Numerator, sum.Unobserved);

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd");
}
