using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>How a rule did against changes that are known to be true.</summary>
/// <param name="Rule">The rule; null for all that are more than reports, together.</param>
/// <param name="Found">Each change the rule could have found, with the alert that found it, or none.</param>
/// <param name="False">Alerts that no declared change of the unit explains.</param>
internal sealed record ChangeScore(AlertRule? Rule, IReadOnlyList<FoundChange> Found, IReadOnlyList<FiredAlert> False)
{
    public int Missed => Found.Count(static one => one.Alert is null);

    /// <summary>Working days to the alert, the middle one of those found; of two middle ones the later. Null where none was found.</summary>
    public int? MedianDays => Found.Where(static one => one.Alert is not null).Select(static one => one.WorkingDays).Order().ToList() is { Count: > 0 } days
        ? days[days.Count / 2] : null;

    /// <summary>Scores each rule that could have found a change or fired, then all together.</summary>
    /// <param name="end">Where the trial ended, milliseconds since 1970 UTC: what had not begun by then is not looked for.</param>
    public static IReadOnlyList<ChangeScore> Of(
        RuleTrial trial, IReadOnlyList<DeclaredChange> changes, UnitDirectory units, UnitCalendars calendars, long end)
    {
        var begun = changes.Where(change => LocalTime.StartOfDay(LocalTime.DayOf(change.From)) < end).ToList();
        var scores = trial.Set.Rules.Select(rule => Score(
            rule, [.. begun.Where(change => Concerns(rule, change, units))], begun, [.. trial.Fired.Where(alert => alert.Rule.Id == rule.Id)],
            calendars)).ToList();
        var acting = trial.Set.Rules.Where(static rule => rule.Grade > AlertGrade.Report).ToList();
        scores.Add(Score(
            null, [.. begun.Where(change => acting.Exists(rule => Concerns(rule, change, units)))], begun,
            [.. trial.Fired.Where(static alert => alert.Rule.Grade > AlertGrade.Report)], calendars));
        return scores;
    }

    private static ChangeScore Score(
        AlertRule? rule, IReadOnlyList<DeclaredChange> sought, IReadOnlyList<DeclaredChange> all, IReadOnlyList<FiredAlert> fired, UnitCalendars calendars) =>
        new(rule, [.. sought.Select(change => Find(change, fired, calendars))], [.. fired.Where(alert => !all.Any(change => Explains(change, alert)))]);

    private static FoundChange Find(DeclaredChange change, IReadOnlyList<FiredAlert> fired, UnitCalendars calendars)
    {
        var alert = fired.Where(alert => Explains(change, alert)).MinBy(static alert => alert.FiringSince);
        var (from, to) = (LocalTime.DayOf(change.From), alert is null ? 0 : LocalTime.DayOf(alert.FiringSince));
        return new FoundChange(change, alert, alert is null ? 0 : Enumerable.Range(from, to - from).Count(calendars.Of(change.Unit).IsWorkingDay));
    }

    private static bool Concerns(AlertRule rule, DeclaredChange change, UnitDirectory units) =>
        (change.Figure is null || change.Figure == rule.Figure) && units.Find(change.Unit) is { } unit && rule.Concerns(unit);

    private static bool Explains(DeclaredChange change, FiredAlert alert) =>
        alert.Unit == change.Unit && (change.Figure is null || change.Figure == alert.Rule.Figure)
        && LocalTime.DateOf(LocalTime.DayOf(alert.FiringSince)) is var day && day >= change.From && (change.To is not { } last || day <= last);
}

/// <summary>A declared change and what found it.</summary>
/// <param name="Alert">The first alert after it began; null when it was missed.</param>
/// <param name="WorkingDays">Working days from its first day to that of the alert; 0 on the same day.</param>
internal sealed record FoundChange(DeclaredChange Change, FiredAlert? Alert, int WorkingDays);
