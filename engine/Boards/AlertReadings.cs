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
    public static List<AlertReading> Of(
        BoardPlan plan, IReadOnlyList<AlertRule> rules, Func<Period, UnitTotals?> totalsOf, bool hasData, long now, ObservedDays days)
    {
        var readings = new List<AlertReading>();
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
            var day = PeriodText.LastDay(rule.Period, today);
            foreach (var unit in plan.Directory.Rows.Where(row => plan.Directory.IsShownAtZero(row) && rule.Concerns(row)))
            {
                readings.Add(Read(plan, rule, unit, figure, totals, day, mayJudge));
            }
        }

        return readings;
    }

    private static AlertReading Read(BoardPlan plan, AlertRule rule, UnitRow unit, CompiledFigure figure, UnitTotals totals, DateOnly day, bool hasData)
    {
        var count = totals.Of(unit.Code, figure);
        var target = plan.Rules.Rulebook.UnitTargets.On(figure.Definition, plan.Directory.Above(unit.Code).Prepend(unit.Code), day)?.Target;
        return new AlertReading(
            rule, unit.Code, count.Denominator, figure.Definition.IsVolume ? null : count.Numerator,
            target is { Comparison: TargetComparison.AtLeast } ? target.Value : null, hasData, count.Unobserved);
    }
}
