using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>What a reading says about a rule.</summary>
public enum Judgement
{
    /// <summary>Nothing: the data is missing.</summary>
    Missing,

    /// <summary>The condition does not hold.</summary>
    Clear,

    /// <summary>
    /// Neither the condition to fire nor the condition to clear holds: the state stays as it is, and no hold runs on.
    /// </summary>
    Between,

    /// <summary>The condition holds.</summary>
    Met,
}

/// <summary>A condition on one figure over one period, judged for each unit by itself.</summary>
public abstract record AlertRule
{
    /// <summary>The longest hold: a week.</summary>
    public const long MaxHoldMillis = 7 * 86_400_000L;

    /// <summary>The id of the figure read.</summary>
    public required string Figure { get; init; }

    /// <summary>What alerts of this rule are about.</summary>
    public abstract AlertKind Kind { get; }

    /// <summary>How much an alert matters.</summary>
    public AlertGrade Grade { get; init; } = AlertGrade.Watch;

    /// <summary>The units judged.</summary>
    public AlertScope Scope { get; init; } = AlertScope.Leaves;

    /// <summary>How long the condition must hold before the alert fires, in milliseconds; 0 fires at once.</summary>
    public long HoldMillis { get; init; }

    /// <summary>How long the condition must be clear before the alert resolves, in milliseconds; 0 resolves at once.</summary>
    public long ClearHoldMillis { get; init; }

    /// <summary>What to do when it fires, one line of plain text in place of what is said of all rules of its kind; null for that.</summary>
    public string? Advice { get; init; }

    /// <summary>The same in English; null where <see cref="Advice"/> is for all languages.</summary>
    public string? AdviceEn { get; init; }

    /// <summary>The id a rules file gives the rule; null where it has none.</summary>
    public string? GivenId { get; init; }

    /// <summary>Names the rule in the API and in messages, and is what its alerts' state is kept under.</summary>
    public string Id => GivenId ?? OwnId;

    /// <summary>The id of a rule that no file has named; the same for the same condition.</summary>
    protected abstract string OwnId { get; }

    /// <summary>The period whose figures must be read for this rule.</summary>
    public abstract Period Period { get; }

    /// <summary>
    /// True when nothing of what the unit, a source, feeds may be judged while this holds: all units, but for <see cref="InhibitsFedAlone"/>.
    /// </summary>
    public virtual bool Inhibits => Kind == AlertKind.Source;

    /// <summary>True when the unit is a source of events, and what it holds back are the units it feeds: see <see cref="FedUnits"/>.</summary>
    public virtual bool InhibitsFedAlone => false;

    /// <summary>How many local days before today must be in a reading's <see cref="AlertReading.History"/>, today besides; 0 for no history.</summary>
    public virtual int HistoryDays => 0;

    /// <summary>The figures whose days it judges, where <see cref="HistoryDays"/> asks for days.</summary>
    public virtual IReadOnlyList<string> AllFigures() => [Figure];

    /// <summary>
    /// The key that alerts are grouped by in messages and on the board: one cause, one message. Of a source's own alerts, and of what follows from
    /// them, it is <c>source:NAME</c>.
    /// </summary>
    /// <param name="unit">The unit's code; the source's name where <see cref="Kind"/> is <see cref="AlertKind.Source"/>.</param>
    public virtual string CauseOf(string unit) => Kind == AlertKind.Source ? $"source:{unit}" : $"{KindText}:{Figure}";

    /// <summary>The kind as it is written in causes, ids and rules files, like <c>official_breach</c>.</summary>
    public string KindText => TextOf(Kind);

    /// <summary>A kind as it is written.</summary>
    public static string TextOf(AlertKind kind) =>
        string.Concat(kind.ToString().Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter) : $"{letter}"));

    /// <summary>Whether a unit is judged by the rule at all.</summary>
    public bool Concerns(UnitRow unit) => Scope.Contains(unit);

    /// <summary>
    /// The local days read where they have ended for good: unless the log covers them, nothing may be judged. Null for a period that is open.
    /// </summary>
    public virtual (DateOnly From, DateOnly To)? ClosedDays(long now) => null;

    /// <summary>Judges a reading. Pure.</summary>
    /// <param name="reading">What was read for a unit.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public abstract Judgement Judge(in AlertReading reading, long now);

    /// <summary>What the verdict stands on, with the calendar where days were counted by one. Pure.</summary>
    public AlertEvidence EvidenceByCalendar(in AlertReading reading, long now)
    {
        var evidence = Evidence(in reading, now);
        return reading.History is not { Calendar: var calendar } ? evidence : evidence with
        {
            Calendar = calendar.Version.Length > 0 ? calendar.Version : null,
            ExpectedDays = calendar.ExpectedWithin(LocalTime.DayOf(evidence.From ?? now), LocalTime.DayOf(now)) is { Count: > 0 } days ? days : null,
        };
    }

    /// <summary>What the verdict stands on. Pure.</summary>
    /// <param name="reading">What was read for a unit.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public virtual AlertEvidence Evidence(in AlertReading reading, long now) => new()
    {
        Count = reading.Numerator ?? reading.Denominator,
        Of = reading.Numerator is null ? null : reading.Denominator,
        Unobserved = reading.Numerator is null ? null : reading.Unobserved,
        Target = reading.Target,
        From = Period.Kind is PeriodKind.Since or PeriodKind.Range ? LocalTime.StartOfDay(LocalTime.DayOf(Period.From))
            : Period.Kind == PeriodKind.Sliding ? now - (Period.Seconds * LocalTime.MillisPerSecond)
            : null,
        To = Period.Kind == PeriodKind.Range ? LocalTime.StartOfDay(LocalTime.DayOf(Period.To) + 1) : now,
    };
}
