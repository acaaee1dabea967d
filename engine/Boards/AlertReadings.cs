using KpiStream.Engine.Alerts;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>What alert rules are judged by: a reading of each rule and unit it concerns, from the sums of the rule's period. Pure.</summary>
public static class AlertReadings
{
    /// <param name="plan">The figures, the units and their targets.</param>
    /// <param name="totalsOf">A period's sums, parents included; null for a period that was not read.</param>
    /// <param name="hasData">False when nothing may be said: the source is missing or its past is still being read.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    /// <param name="days">The days of which the log has records.</param>
    /// <param name="histories">The pasts of units, for rules that ask for them; without them such rules say nothing.</param>
    /// <param name="into">Emptied and filled, so that many readings make no garbage; a new list when null.</param>
    public static List<AlertReading> Of(
        BoardPlan plan, IReadOnlyList<AlertRule> rules, Func<Period, UnitTotals?> totalsOf, bool hasData, long now, ObservedDays days,
        UnitHistories? histories = null, List<AlertReading>? into = null)
    {
        var readings = into ?? [];
        readings.Clear();
        foreach (var rule in rules)
        {
            var figure = plan.Rules.Figures.FirstOrDefault(known => known.Definition.Id == rule.Figure);
            if (figure is null || totalsOf(rule.Period) is not { } totals)
            {
                continue;
            }

            // A window that closed before the log began is nearly empty for every unit, and its silence says nothing of any of them.
            var today = LocalTime.DateOf(LocalTime.DayOf(now));
            var mayJudge = hasData && rule.Period.HasBegunOn(today)
                && (rule.ClosedDays(now) is not { } closed || days.Cover(closed.From, closed.To, plan.Rules.Rulebook.Calendar));
            var day = rule.ClosedDays(now)?.To ?? PeriodText.LastDay(rule.Period, today);
            var pasts = rule.HistoryDays == 0 ? null : histories;
            var ended = pasts is not null && rule.AllFigures() is [_, var second] ? second : null;
            foreach (var unit in UnitsOf(plan.Directory, rule, totals))
            {
                var (count, target) = Read(plan, unit, figure, totals, day);
                readings.Add(new AlertReading(
                    rule, unit.Code, count.Denominator, figure.Definition.IsVolume ? null : count.Numerator, target, mayJudge, count.Unobserved,
                    pasts?.Of(rule.Figure, unit.Code), ended is null ? null : pasts!.Of(ended, unit.Code)));
            }
        }

        return readings;
    }

    /// <summary>
    /// The units a rule judges: those with nobody below them, provinces and the nation, units named by code; and codes of no directory that something is
    /// counted of, as far as they are shown by themselves.
    /// </summary>
    private static IEnumerable<UnitRow> UnitsOf(UnitDirectory directory, AlertRule rule, UnitTotals totals)
    {
        var listed = directory.Rows.Where(row => rule.Concerns(row) && row.ValidTo is null
            && (directory.IsLeaf(row.Code) || row.Level is UnitKind.Province or UnitKind.Nation
                || rule.Scope.Codes.Contains(row.Code, StringComparer.Ordinal)));
        if (!rule.Scope.Kinds.Contains(UnitKind.Unlisted) && rule.Scope.Codes.All(code => directory.Find(code) is not null))
        {
            return listed;
        }

        return listed.Concat(totals.Units.Where(code => directory.Find(code) is null && code is not (UnitDirectory.Unstated or ShownUnits.Others))
            .Order().Select(code => UnitRow.Unlisted(code, directory.UnlistedParent)).Where(rule.Concerns));
    }

    private static (FigureCount Count, double? Target) Read(BoardPlan plan, UnitRow unit, CompiledFigure figure, UnitTotals totals, DateOnly day)
    {
        var target = plan.Rules.Rulebook.UnitTargets.On(figure.Definition, plan.Directory.Above(unit.Code).Prepend(unit.Code), day)?.Target;
        return (totals.Of(unit.Code, figure), target is { Comparison: TargetComparison.AtLeast } ? target.Value : null);
    }
}
