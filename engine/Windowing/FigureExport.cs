using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// The rows of <c>--export</c> from the ledgers of all shards. The ledgers must stand still: their shards have stopped, and all were advanced to the same now.
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

    /// <summary>All rows of the periods asked for, in no particular order.</summary>
    public IEnumerable<FigureRow> Rows(IReadOnlyList<CaseLedger> ledgers, IReadOnlyList<Period> periods) => periods.SelectMany(period => period.Kind switch
    {
        PeriodKind.Sliding => SlidingRows(ledgers, period),
        PeriodKind.Now => GaugeRows(ledgers, period),
        PeriodKind.Since => FigureRows(ledgers, period, today, Date(period.From), Date(today), shownAtZero),
        _ => CalendarRows(ledgers, period),
    });

    private IEnumerable<FigureRow> SlidingRows(IReadOnlyList<CaseLedger> ledgers, Period period)
    {
        var end = LocalTime.SecondOf(nowMillis) * LocalTime.MillisPerSecond;
        var from = InstantText.ToLocalSeconds(end - (period.Seconds * LocalTime.MillisPerSecond));
        return FigureRows(ledgers, period, today, from, InstantText.ToLocalSeconds(end), shownAtZero);
    }

    private IEnumerable<FigureRow> CalendarRows(IReadOnlyList<CaseLedger> ledgers, Period period) => ledgers
        .SelectMany(static ledger => ledger.Figures.Days.Days)
        .Select(day => CalendarPeriods.Containing(period, LocalTime.DateOf(day), today)).OfType<(DateOnly From, DateOnly To)>().Distinct()
        .SelectMany(stretch => FigureRows(ledgers, period, stretch.From, Date(stretch.From), Date(stretch.To), []));

    /// <summary>Rows with a denominator, and all figures of some units.</summary>
    private IEnumerable<FigureRow> FigureRows(
        IReadOnlyList<CaseLedger> ledgers, Period period, DateOnly anchor, string first, string last, HashSet<string> atZero)
    {
        var sums = ledgers.Select(ledger => LedgerSums.Of(ledger.Figures, period, anchor, today)).OfType<LedgerSums>();
        var totals = Totals(sums.SelectMany(static shard => shard.Rows));
        return from unit in totals.Units.Union(atZero)
               from figure in rules.Figures
               let sum = totals.Of(unit, figure)
               where sum.Denominator > 0 || atZero.Contains(unit)
               select figure.Definition.IsVolume
                   ? new FigureRow(figure.Definition.Id, unit, period.Name, first, last, sum.Denominator, null, null)
                   : new FigureRow(figure.Definition.Id, unit, period.Name, first, last, sum.Denominator, sum.Numerator, sum.Unobserved);
    }

    private IEnumerable<FigureRow> GaugeRows(IReadOnlyList<CaseLedger> ledgers, Period period)
    {
        var successors = new UnitSuccessors(units, directory);
        var day = LocalTime.DayOf(nowMillis);
        var totals = Totals(ledgers.SelectMany(ledger => ledger.Gauges.Sums(unit => successors.Resolve(unit, day))));
        var now = InstantText.ToLocalSeconds(nowMillis);
        return from unit in totals.Units.Union(shownAtZero)
               from gauge in Enum.GetValues<Gauge>()
               let count = totals.Of(unit, gauge)
               where count > 0 || shownAtZero.Contains(unit)
               select new FigureRow(Gauges.NameOf(gauge), unit, period.Name, "", now, count, null, null);
    }

    private UnitTotals Totals(IEnumerable<KeyValuePair<int, int[]>> parts) => new(parts, units.Text, directory, rollUp);

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd");
}
