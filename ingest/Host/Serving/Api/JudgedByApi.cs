using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>By which rules and calendars alerts are judged, since when, and who changed them.</summary>
internal sealed class JudgedByApi(AlertFiles files, AlertService alerts, TimeProvider time)
{
    /// <summary>Changes that are told, the newest.</summary>
    private const int MostChanges = 50;

    /// <summary>Days that are only expected are told for two years: no calendar reaches further.</summary>
    private const int DaysAhead = 731;

    private readonly RulesInForce rules = files.Rules;
    private readonly CalendarsInForce calendars = files.Calendars;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/api/v1/alert-rules", (HttpContext http) => Answer(http, () => new AlertRulesAnswer(
            rules.Current.Id, rules.Current.Version, rules.Current.Hash, EditionOf(rules), [.. rules.Select(AlertRuleAnswer.Of)])))
            .Answers<AlertRulesAnswer>("The alert rules in force, and every change of their file.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).Takes();
        routes.MapRead("/api/v1/calendar", (HttpContext http) => Answer(http, Calendar))
            .Answers<CalendarAnswer>("The working calendar in force with what units add to it, and what of it is only expected.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).Takes();
    }

    private static IResult Answer<T>(HttpContext http, Func<T> read)
    {
        try
        {
            return Validated.Json(http, read());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Problem.Of(503, "The history of alerts cannot be read from the server's disk; see to it, and ask again.");
        }
    }

    private CalendarAnswer Calendar()
    {
        var (current, today) = (calendars.Current, LocalTime.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds()));
        return new CalendarAnswer(
            current.Common.Version, [.. current.Common.ExpectedWithin(today, today + DaysAhead).Select(CalendarDayAnswer.Of)], current.Version,
            [.. current.Rows.Select(UnitDaysAnswer.Of)], EditionOf(calendars), EditionOf(files.CommonCalendar),
            files.CommonCalendar.IsWaiting);
    }

    private EditionAnswer EditionOf<T>(FileInForce<T> file)
        where T : class => new(
            file.Number, InstantText.ToLocalSeconds(file.Since),
            file.Mistake is { } mistake ? new MistakeAnswer(mistake.Line, mistake.Key, mistake.Message) : null,
            [.. alerts.History.Find(file.Id).TakeLast(MostChanges).Select(static entry =>
                new ChangeAnswer(InstantText.ToLocalSeconds(entry.At), entry.What, entry.By ?? "", entry.Note ?? "", entry.Text ?? ""))]);
}

/// <summary>The alert rules in force.</summary>
/// <param name="Hash">SHA-256 of the text they were read from.</param>
/// <param name="Rules">Rules of units in the file's order, then those of sources, which always stand.</param>
internal sealed record AlertRulesAnswer(string Id, string Version, string Hash, EditionAnswer Edition, IReadOnlyList<AlertRuleAnswer> Rules);

/// <summary>An alert rule.</summary>
internal sealed record AlertRuleAnswer(string Id, string Kind, AlertGrade Grade, string Figure, string Period)
{
    public static AlertRuleAnswer Of(AlertRule rule) => new(rule.Id, rule.KindText, rule.Grade, rule.Figure, rule.Period.Name);
}

/// <summary>The calendars in force.</summary>
/// <param name="Version">That of the country.</param>
/// <param name="Expected">Its days from today on that are only expected to be what it says.</param>
/// <param name="UnitsVersion">That of what units add; empty where they add nothing.</param>
/// <param name="Units">What units add.</param>
/// <param name="Edition">Which edition of what units add.</param>
/// <param name="CountryEdition">Which edition of the country's.</param>
/// <param name="NeedsRestart">True while the country's file has changed: it is in force once the server is started again.</param>
internal sealed record CalendarAnswer(
    string Version, IReadOnlyList<CalendarDayAnswer> Expected, string UnitsVersion, IReadOnlyList<UnitDaysAnswer> Units, EditionAnswer Edition,
    EditionAnswer CountryEdition, bool NeedsRestart);

/// <summary>A row of the units' calendar.</summary>
/// <param name="Kind"><c>closed</c>, <c>worked</c>, <c>morning</c> or <c>saturday_mornings</c>.</param>
/// <param name="Certainty"><c>announced</c> or <c>expected</c>.</param>
internal sealed record UnitDaysAnswer(string Unit, DateOnly From, DateOnly? To, string Kind, string Certainty, string Reason)
{
    public static UnitDaysAnswer Of(UnitCalendarRow row) => new(
        row.Unit, row.From, row.To, UnitCalendarFile.NameOf(row.Days), row.IsExpected ? "expected" : "announced", row.Reason);
}

/// <summary>Which edition of a file is in force.</summary>
/// <param name="Number">1 since the start, one more for each change.</param>
/// <param name="Since">Since when, or since the start.</param>
/// <param name="Refused">Why the file as it is now is not in force; null when it is.</param>
/// <param name="Changes">The oldest first, those of earlier runs too where state is kept.</param>
internal sealed record EditionAnswer(int Number, string Since, MistakeAnswer? Refused, IReadOnlyList<ChangeAnswer> Changes);

/// <summary>The first mistake of a file.</summary>
internal sealed record MistakeAnswer(int Line, string Key, string Message);

/// <summary>A change of a file.</summary>
/// <param name="What"><c>in_force</c> or <c>refused</c>.</param>
/// <param name="By">Whose the file was.</param>
/// <param name="Hash">Of what was in force then.</param>
internal sealed record ChangeAnswer(string At, string What, string By, string Hash, string Text);
