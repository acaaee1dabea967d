using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>Alerts as a planner is given them.</summary>
internal static class PlannedAlerts
{
    public const long Second = 1_000, Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    /// <summary>Midnight of a Thursday, local.</summary>
    public static readonly long Start = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2026, 11, 26)));

    public static Alert Firing(string unit, long since, AlertGrade grade = AlertGrade.Alarm, string figure = "fully_online", double chance = 0.5)
    {
        var rule = new StatedRule(figure) { Grade = grade };
        return new Alert(rule, unit, AlertState.Firing, since, since, null, rule.Says(unit, Judgement.Met), IsMissing: false)
        {
            Evidence = new AlertEvidence { Chance = chance },
        };
    }

    public static Alert Over(this Alert alert, long at) => alert with { State = AlertState.Resolved, ResolvedAt = at };
}
