using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// The rows of <c>--export</c>, of the figures that are exported, from the ledgers of all shards. The ledgers must stand still: their shards have stopped, and
/// all were advanced to the same now.
/// </summary>
/// <param name="rules">The figures.</param>
/// <param name="directory">Who is above whom, and who is shown at zero.</param>
/// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
/// <param name="rollUp">Whether the units above are shown, each with the sums of all below it.</param>
public sealed class FigureExport(CompiledRulebook rules, CodeTable units, UnitDirectory directory, long nowMillis, bool rollUp)
{
    private readonly DateOnly today = LocalTime.DateOf(LocalTime.DayOf(nowMillis));
    private readonly HashSet<string> shownAtZero =
        directory.Rows.Where(row => row.ValidTo is null && (rollUp || directory.IsLeaf(row.Code))).Select(row => row.Code).ToHashSet();

    /// <summary>
    /// All rows of the periods asked for, in the order of the export. The counts are copied before the first row, 16 bytes each; the rows themselves exist
    /// only while they are looked at.
    /// </summary>
    public IEnumerable<FigureRow> Rows(IReadOnlyList<CaseLedger> ledgers, IReadOnlyList<Period> periods)
    {
        var table = new ExportTable(
            [.. rules.Figures.Select(static figure => figure.Definition.Id), .. Enum.GetValues<Gauge>().Select(Gauges.NameOf)],
            [.. rules.Figures.Select(static figure => !figure.Definition.IsVolume), .. Enum.GetValues<Gauge>().Select(static _ => false)]);
        var lanes = new UnitCounters(rules.LaneCount, units.Text, rollUp ? directory : null);
        foreach (var period in periods)
        {
            if (period.Kind == PeriodKind.Now)
            {
                AddGauges(table, ledgers, period);
            }
            else if (period.Kind is PeriodKind.Sliding or PeriodKind.Since)
            {
                AddFigures(table, lanes, ledgers, period, today, shownAtZero);
            }
            else
            {
                foreach (var day in FirstDays(ledgers, period))
                {
                    AddFigures(table, lanes, ledgers, period, day, []);
                }
            }
        }

        return table.Rows();
    }

    private IEnumerable<DateOnly> FirstDays(IReadOnlyList<CaseLedger> ledgers, Period period) => ledgers
        .SelectMany(static ledger => ledger.Figures.Days.Days)
        .Select(day => CalendarPeriods.Containing(period, LocalTime.DateOf(day), today)?.From).OfType<DateOnly>().Distinct();

    /// <summary>Rows with a denominator, and all figures of some units.</summary>
    private void AddFigures(
        ExportTable table, UnitCounters lanes, IReadOnlyList<CaseLedger> ledgers, Period period, DateOnly anchor, HashSet<string> atZero)
    {
        var days = LedgerSums.DaysOf(period, anchor, today);
        var (from, to) = days is { } stretch ? (Date(stretch.From), Date(stretch.To)) : Seconds(period);
        lanes.Clear();
        foreach (var ledger in ledgers)
        {
            Count(ledger.Figures, period, days, lanes);
        }

        table.Begin(period.Name, from, to);
        foreach (var unit in lanes.Units.Union(atZero))
        {
            var row = lanes.Of(unit);
            var isShown = atZero.Contains(unit);
            table.Begin(unit);
            foreach (var column in table.Columns)
            {
                if (column < rules.Figures.Count && rules.Figures[column] is { Definition.IsExported: true } figure
                    && (row.IsEmpty ? default : figure.Sum(row.Slice(figure.FirstLane, figure.LaneCount))) is var sum && (sum.Denominator > 0 || isShown))
                {
                    table.Add(column, sum);
                }
            }
        }
    }

    private static void Count(ContributionLedger ledger, Period period, (DateOnly From, DateOnly To)? days, UnitCounters lanes)
    {
        if (days is { } stretch)
        {
            foreach (var (unit, cell) in ledger.Days.Within(stretch.From, stretch.To).SelectMany(static day => day))
            {
                foreach (var place in lanes.PlacesOf(unit))
                {
                    ledger.Days.AddTo(lanes[place], cell);
                }
            }

            return;
        }

        var window = ledger.Windows.FirstOrDefault(kept => kept.Period.Seconds == period.Seconds);
        for (var unit = 0; unit < window?.UnitEnd; unit++)
        {
            if (window.Has(unit))
            {
                foreach (var place in lanes.PlacesOf(unit))
                {
                    window.AddTo(lanes[place], unit);
                }
            }
        }
    }

    private void AddGauges(ExportTable table, IReadOnlyList<CaseLedger> ledgers, Period period)
    {
        var successors = new UnitSuccessors(units, directory);
        var day = LocalTime.DayOf(nowMillis);
        var totals = new UnitTotals(
            ledgers.SelectMany(ledger => ledger.Gauges.Sums(unit => successors.Resolve(unit, day))), units.Text, directory, rollUp);
        table.Begin(period.Name, "", InstantText.ToLocalSeconds(nowMillis));
        foreach (var unit in totals.Units.Union(shownAtZero))
        {
            table.Begin(unit);
            foreach (var column in table.Columns)
            {
                if (column >= rules.Figures.Count && totals.Of(unit, (Gauge)(column - rules.Figures.Count)) is var count
                    && (count > 0 || shownAtZero.Contains(unit)))
                {
                    table.Add(column, new FigureCount(count, 0, 0));
                }
            }
        }
    }

    private (string From, string To) Seconds(Period period)
    {
        var end = LocalTime.SecondOf(nowMillis) * LocalTime.MillisPerSecond;
        return (InstantText.ToLocalSeconds(end - (period.Seconds * LocalTime.MillisPerSecond)), InstantText.ToLocalSeconds(end));
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd");
}
