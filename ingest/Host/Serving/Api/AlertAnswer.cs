using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>An alert. Instants are local.</summary>
/// <param name="Rule">The id of its rule.</param>
/// <param name="State"><c>firing</c>, <c>resolving</c>, <c>pending</c> or <c>resolved</c>.</param>
/// <param name="Since">When it came to what it is: resolved, fired, or was first pending.</param>
/// <param name="Text">What was found, in Vietnamese.</param>
internal sealed record AlertAnswer(string Rule, string Unit, string UnitName, string State, string Since, string Text)
{
    public string Id { get; init; } = "";

    /// <summary>What was found, in English.</summary>
    public string TextEn { get; init; } = "";

    public AlertKind Kind { get; init; }

    public AlertGrade Grade { get; init; }

    /// <summary>What alerts are grouped by: those of one cause are told in one message.</summary>
    public string Cause { get; init; } = "";

    public string Figure { get; init; } = "";

    public string FigureName { get; init; } = "";

    public string Period { get; init; } = "";

    public string PendingSince { get; init; } = "";

    public string? FiringSince { get; init; }

    public string? ResolvingSince { get; init; }

    public string? ResolvedAt { get; init; }

    /// <summary>True while nothing is known of it, and it is therefore kept as it was.</summary>
    public bool Missing { get; init; }

    public AlertEvidenceAnswer? Evidence { get; init; }

    public AcknowledgementAnswer? Acknowledged { get; init; }

    /// <summary>The id of the silence because of which nobody is told; null for none.</summary>
    public string? Silenced { get; init; }

    /// <summary>The id of the source's alert that keeps it as it was; null for none.</summary>
    public string? InhibitedBy { get; init; }

    /// <summary>The address of everything that happened to it.</summary>
    public string History { get; init; } = "";
}

/// <summary>What the newest verdict stands on; what means nothing is null.</summary>
/// <param name="Count">Cases, or those of <paramref name="Of"/> that achieved it.</param>
/// <param name="Unobserved">Of them, those that may have achieved it.</param>
/// <param name="Expected">Of a healthy unit, or by the unit's own past.</param>
/// <param name="Low">The lower end of the 95 % interval of what was measured.</param>
/// <param name="Chance">The probability of this or worse in a healthy unit.</param>
/// <param name="From">The beginning of what was judged.</param>
internal sealed record AlertEvidenceAnswer(
    long? Count, long? Of, long? Unobserved, double? Expected, double? Low, double? High, double? Target, double? Chance, string? From, string? To)
{
    /// <summary>The calendar of the unit; null where none matters.</summary>
    public string? Calendar { get; init; }

    /// <summary>Days that the verdict rests on and that are only expected to be what the calendar says; null for none.</summary>
    public IReadOnlyList<CalendarDayAnswer>? ExpectedDays { get; init; }

    /// <summary>The units whose alerts a silent source holds back; null for all of them, and where nothing is held back.</summary>
    public HeldUnits? Held { get; init; }

    /// <summary>The keys that a source states no longer; null where keys do not matter.</summary>
    public IReadOnlyList<DroppedKeyAnswer>? Keys { get; init; }
}

/// <summary>A key that a source used to state.</summary>
/// <param name="StatedBefore">Events that stated it on the days before.</param>
/// <param name="EventsBefore">All events of those days.</param>
/// <param name="Stated">Events that state it since.</param>
/// <param name="Events">All events since.</param>
/// <param name="Since">The local day since which hardly any does.</param>
internal sealed record DroppedKeyAnswer(string Key, long StatedBefore, long EventsBefore, long Stated, long Events, DateOnly Since);

/// <summary>A day of a calendar.</summary>
/// <param name="Hours"><c>closed</c>, <c>morning</c> or <c>whole</c>.</param>
internal sealed record CalendarDayAnswer(DateOnly Date, string Hours, string Name)
{
    public static CalendarDayAnswer Of(CalendarDay day) => new(day.Date, day.Hours.ToString().ToLowerInvariant(), day.Name ?? "");
}

/// <summary>Who has taken note.</summary>
internal sealed record AcknowledgementAnswer(string By, string At, string Note);

/// <summary>An alert with all that happened to it.</summary>
/// <param name="Alert">As it stands; null when it is over and not listed any more.</param>
/// <param name="History">The oldest first.</param>
internal sealed record AlertDetail(string Id, AlertAnswer? Alert, IReadOnlyList<AlertEventAnswer> History)
{
    /// <summary>
    /// Of an alert about volume, the distinct cases of its figure and stretch, by the source that spoke last of each, most first: some may be handled in a
    /// ministry's own system. Null for other alerts.
    /// </summary>
    public IReadOnlyList<SourceShare>? Sources { get; init; }
}

/// <summary>One thing that happened to an alert.</summary>
/// <param name="What">The state it came to, or <c>acknowledged</c>.</param>
/// <param name="From">The state before.</param>
internal sealed record AlertEventAnswer(
    string At, string What, string? From, string? Rule, AlertKind? Kind, AlertGrade? Grade, string? Cause, string? Figure, string? Unit, string? Text,
    string? By, string? Note, AlertEvidenceAnswer? Evidence);

/// <summary>Says alerts as the API does.</summary>
internal sealed class AlertAnswers(AlertText text)
{
    public AlertAnswer Of(Alert alert) => new(
        alert.Rule.Id, alert.Unit, text.Subject(alert), AlertService.StateOf(alert.State),
        InstantText.ToLocalSeconds(alert.ResolvedAt ?? alert.FiringSince ?? alert.PendingSince), text.Finding(alert))
    {
        Id = alert.Id,
        TextEn = text.FindingInEnglish(alert),
        Kind = alert.Rule.Kind,
        Grade = alert.Rule.Grade,
        Cause = alert.Cause,
        Figure = alert.Rule.Figure,
        FigureName = text.FigureName(alert.Rule.Figure),
        Period = alert.Rule.Period.Name,
        PendingSince = InstantText.ToLocalSeconds(alert.PendingSince),
        FiringSince = Local(alert.FiringSince),
        ResolvingSince = Local(alert.ResolvingSince),
        ResolvedAt = Local(alert.ResolvedAt),
        Missing = alert.IsMissing,
        Evidence = Of(alert.Evidence),
        Acknowledged = alert.Acknowledged is { } note ? new AcknowledgementAnswer(note.By, InstantText.ToLocalSeconds(note.At), note.Note) : null,
        Silenced = alert.SilencedBy,
        InhibitedBy = alert.InhibitedBy,
        History = $"/api/v1/alerts/{alert.Id}",
    };

    public static AlertEventAnswer Of(AlertHistoryEntry entry) => new(
        InstantText.ToLocalMillis(entry.At), entry.What, entry.From, entry.Rule, entry.Kind, entry.Grade, entry.Cause, entry.Figure, entry.Unit, entry.Text,
        entry.By, entry.Note, Of(entry.Evidence));

    private static AlertEvidenceAnswer? Of(AlertEvidence? evidence) => evidence is not { } known ? null : new AlertEvidenceAnswer(
        known.Count, known.Of, known.Unobserved, Finite(known.Expected), Finite(known.Low), Finite(known.High), Finite(known.Target), Finite(known.Chance),
        Local(known.From), Local(known.To))
    {
        Calendar = known.Calendar,
        Held = known.Held,
        ExpectedDays = known.ExpectedDays?.Select(CalendarDayAnswer.Of).ToList(),
        Keys = known.Keys?.Select(static key => new DroppedKeyAnswer(
            key.Key, key.StatedBefore, key.EventsBefore, key.Stated, key.Events, LocalTime.DateOf(key.Since))).ToList(),
    };

    private static double? Finite(double? number) => number is { } some && double.IsFinite(some) ? some : null;

    private static string? Local(long? instant) => instant is { } some && InstantText.IsInRange(some) ? InstantText.ToLocalSeconds(some) : null;
}
