using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Alerts in English; names of units stay as they are.</summary>
public sealed class EnglishWords(Rulebook rulebook, UnitDirectory units)
    : AlertWords(rulebook.Figures.ToDictionary(static figure => figure.Id, static figure => figure.NameEn), units)
{
    private static readonly string[] AdviceWhenOver = ["Nothing more to do; note the cause if it is known."];

    public override FactLabels Labels { get; } = new()
    {
        What = "What",
        Unit = "Unit",
        Source = "Source",
        Board = "Wallboard",
        Firing = "How many",
        Since = "Since",
        Ended = "Over at",
        Lasted = "Lasted",
        Counted = "Counted",
        Unobserved = "too little is known to judge {0} of them",
        Target = "Target",
        Expected = "Usual",
        Least = "At least",
        Interval = "95 % interval",
        UsualRange = "Usual 95 times of 100",
        Sureness = "How sure",
        BySource = "Cases by source",
        Note = "Note",
        Over = "Resolved",
        Reminder = "Reminder",
        AtMost = "{0}, {1} at the most",
        Missing = "there are no new figures at present; the state is held as it was",
        HeldBack = "due at {0}, held back because the day's messages were used up",
        Test = "A test of KpiStream's alert delivery; nothing to do.",
        TestAdvice = "This message arriving means that the way works.",
        Between = "{0} to {1}",
    };

    protected override string UnknownUnit => "unknown unit";

    public override string Title(AlertKind kind) => kind switch
    {
        AlertKind.Ratio => "ratio below target",
        AlertKind.OfficialBreach => "closed month below target",
        AlertKind.LowVolume => "too few cases",
        AlertKind.Pace => "fewer cases than usual",
        AlertKind.Silence => "no new cases",
        AlertKind.Backlog => "growing backlog",
        AlertKind.Copies => "certified copies not returned the same day",
        AlertKind.Source => "data source failing",
        AlertKind.SelfCheck => "figures differ from the log",
        _ => "wallboard not working",
    };

    public override string Grade(AlertGrade grade) => grade.ToString();

    public override string Number(AlertKind kind, int count) => $"{Count(count)} " + kind switch
    {
        AlertKind.Source => "source",
        AlertKind.Board => "wallboard",
        AlertKind.SelfCheck => "figure",
        _ => "unit",
    } + (count == 1 ? "" : "s");

    public override string Sureness(Alert alert) => alert.Evidence?.Chance is not { } chance
        ? alert.Rule.Kind is AlertKind.Source or AlertKind.Board ? "certain: seen directly" : "certain: counted, not estimated"
        : $"{Sure(chance)}: in a unit that is as usual, the chance of this or worse {(alert.Rule.Kind == AlertKind.Silence ? "within a year " : "")}is "
            + Likelihood(chance);

    protected override string? AdviceOf(AlertRule rule) => rule.AdviceEn ?? rule.Advice;

    public override IReadOnlyList<string> Advice(AlertKind kind, bool isOver) => isOver ? AdviceWhenOver : kind switch
    {
        AlertKind.Ratio =>
        [
            "Open the link below and see which condition the failing cases lack most often.",
            "Talk to the unit's one-stop service; if facts have not been entered, ask for them to be.",
        ],
        AlertKind.OfficialBreach =>
        [
            "Put the unit into the monthly report that the decision on targets asks for.",
            "Open the link below; when asking the unit to explain, enclose the conditions most often lacking.",
        ],
        AlertKind.LowVolume =>
        [
            "Put the unit on the list to be reported.",
            "Check whether it takes cases on paper, or in a ministry's system that is not synchronised.",
        ],
        AlertKind.Pace =>
        [
            "Ask the unit: network down, staff missing, closed at short notice, or do people file elsewhere?",
            "Check whether cases have moved to a ministry's system; if the unit is closed, put that into the calendar.",
        ],
        AlertKind.Silence =>
        [
            "Call the unit and ask whether it can take cases: power, network, accounts, software.",
            "If it is closed, put the day into the calendar so that this is not told again.",
        ],
        AlertKind.Backlog =>
        [
            "Open the link below and see the cases that are overdue or soon due.",
            "Ask the unit to assign staff; for overdue cases the rules ask for an apology and a new date.",
        ],
        AlertKind.Copies =>
        [
            "Ask the unit why certified copies are not returned on the day.",
            "The rule: received before 15:00, returned the same working day (Decree 23/2015/NĐ-CP, Article 7).",
        ],
        AlertKind.Source =>
        [
            "Check the connection and the system of this source, and tell those who run it.",
            "While it gives nothing, alerts about units that it feeds stay as they are.",
        ],
        AlertKind.SelfCheck =>
        [
            "Do not report these figures until this is settled.",
            "Tell those who run the server at once; leave its log and state as they are.",
        ],
        _ =>
        [
            "Check on the spot: power, network, the screen's browser.",
            "If the screen is no longer used, have it removed from the list.",
        ],
    };

    public override string Cases(double count) => count == 1 ? "1 case" : $"{Count(count)} cases";

    public override string Count(double count) => (count == Math.Floor(count) ? count : Math.Round(count, 1)).ToString("#,##0.#", CultureInfo.InvariantCulture);

    public override string Percent(long numerator, long denominator)
    {
        var tenths = (Int128)numerator * 1_000 / denominator;
        return $"{tenths / 10}.{tenths % 10} %";
    }

    public override string Percent(double ratio) => $"{(ratio * 100).ToString("0.#", CultureInfo.InvariantCulture)} %";

    public override string Instant(long millis) => $"{InstantText.ToLocalSeconds(millis)[11..16]} on {Day(millis)}";

    public override string Expected(IReadOnlyList<CalendarDay> days) => ExpectedDays.InEnglish(days);

    public override string Duration(long millis) => millis switch
    {
        < 120_000 => $"{millis / 1_000} s",
        < 7_200_000 => $"{millis / 60_000} min",
        < 172_800_000 => $"{millis / 3_600_000} h",
        _ => $"{Count(millis / 86_400_000)} days",
    };

    public override string Span(Alert alert)
    {
        if (alert.Rule.Kind == AlertKind.OfficialBreach && alert.Evidence?.From is { } month)
        {
            return $"in {LocalTime.DateOf(LocalTime.DayOf(month)).ToString("MMMM yyyy", CultureInfo.InvariantCulture)}";
        }

        if (alert.Rule.Period.Kind is not PeriodKind.Day || alert.Evidence is not { From: { } from, To: { } to })
        {
            var span = Span(alert.Rule.Period);
            return SettledEnd(alert) is not { } end ? span
                : alert.Rule.Period is { Kind: PeriodKind.Since, From: var first } ? $"from {Day(first)} to the end of {Day(end - 1)}"
                : $"{span} (to the end of {Day(end - 1)})";
        }

        return LocalTime.StartOfDay(LocalTime.DayOf(to)) == to ? $"from {Day(from)} to the end of {Day(to - 1)}" : $"from {Day(from)} to {Instant(to)}";
    }

    protected override string Source(string name) => $"source {name}";

    protected override string Board(string name) => $"wallboard {name}";

    protected override string Clause(Alert alert, bool isBad) => alert.Rule.Kind switch
    {
        AlertKind.LowVolume => $"{Cases(alert)} {Span(alert)}, "
            + (TargetOf(alert) is { } least ? isBad ? $"fewer than {Count(least)}" : $"where {Count(least)} are the least" : ""),
        AlertKind.Pace => isBad ? $"{Cases(alert)} {Span(alert)}{Usual(alert, ", where about {0} are usual")}"
            : $"as many cases as usual again{(alert.Evidence?.Count is not null ? $": {Cases(alert)} {Span(alert)}" : "")}",
        AlertKind.Silence => isBad ? $"no case {Span(alert)}{Usual(alert, ", where about {0} are usual")}" : "cases arrive again",
        AlertKind.Backlog when alert.Rule is GrowthRule rule => Growth(alert, rule, isBad),
        AlertKind.Backlog => isBad ? $"{FigureName(alert.Rule.Figure)}: {Cases(alert)}{Usual(alert, ", where about {0} are usual")}"
            : $"{FigureName(alert.Rule.Figure)}: {Cases(alert)} left, no longer too many",
        AlertKind.Source when alert.Rule is SilentPartitionRule => Partition(alert, isBad),
        AlertKind.Source when alert.Rule is DroppedKeysRule => Dropped(alert, isBad),
        AlertKind.Source => isBad ? $"nothing new, late, or more rejected than usual{Held(alert)}" : "works as usual again",
        AlertKind.SelfCheck when alert.Rule is SelfCheckRule check => SelfCheck(alert, check, isBad),
        AlertKind.Board when alert.Reading.Rule is SilentBoardRule board => isBad
            ? $"the wallboard {board.Board} at {board.Address} has painted nothing since {Instant(board.PaintedAt)}"
            : $"the wallboard {board.Board} at {board.Address} {(board.IsDismissed ? "was dismissed" : "paints again")}",
        _ => Ratio(alert, isBad),
    };

    protected override string BriefClause(Alert alert) => alert.Rule.Kind switch
    {
        AlertKind.LowVolume => Cases(alert),
        AlertKind.Backlog when Grown(alert) is { } more => $"{Cases(more)} more ({Count(Counts(alert).Of ?? 0)} − {Count(Counts(alert).Count)})",
        AlertKind.Pace or AlertKind.Backlog or AlertKind.Silence => $"{Cases(alert)}{Usual(alert, ", about {0} usual")}",
        AlertKind.Ratio or AlertKind.OfficialBreach or AlertKind.Copies when Counts(alert) is (var count, > 0 and var of, _) =>
            $"{Percent(count, of)} ({Count(count)} of {Count(of)})",
        _ => Clause(alert, IsBad(alert)),
    };

    private static string Day(long millis) => Day(LocalTime.DateOf(LocalTime.DayOf(millis)));

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Sure(double chance) => chance switch
    {
        < 0.001 => "almost certain",
        < 0.01 => "very sure",
        < 0.05 => "fairly sure",
        _ => "not yet sure",
    };

    private static string Likelihood(double chance) =>
        chance < 0.001 ? "less than 0.1 %" : $"{(Math.Ceiling(chance * 1_000) / 10).ToString("0.0", CultureInfo.InvariantCulture)} %";

    private static string Fraction(long? numerator, long denominator) => numerator is { } counted ? $"{counted:N0} of {denominator:N0}" : $"{denominator:N0}";

    private static string Span(Period period) => period.Kind switch
    {
        PeriodKind.Day => "on the day",
        PeriodKind.Month => "in the month",
        PeriodKind.Quarter => "in the quarter",
        PeriodKind.Year => "in the year",
        PeriodKind.Since => $"since {Day(period.From)}",
        PeriodKind.Range => $"from {Day(period.From)} to the end of {Day(period.To)}",
        PeriodKind.Sliding when period.Seconds % 86_400 == 0 && period.Seconds > 86_400 => $"in the last {period.Seconds / 86_400} days",
        PeriodKind.Sliding => $"in the last {period.Seconds / 3_600} hours",
        _ => "now",
    };

    private static string SelfCheckText(string name, string day, string shown, string counted) =>
        $"figures are wrong: {name} of {day} is shown as {shown}, and the log counted again gives {counted}";

    private string Growth(Alert alert, GrowthRule rule, bool isBad)
    {
        var name = rule.IsOverdue ? "overdue cases" : "cases that wait";
        if (Grown(alert) is not { } more)
        {
            return isBad ? $"{name} grow in number" : $"{name} no longer grow in number";
        }

        var (came, ended) = (Count(Counts(alert).Of ?? 0), Count(Counts(alert).Count));
        var counts = rule.IsOverdue ? $"{came} became overdue and {ended} overdue ones were settled" : $"{came} came and {ended} were settled";
        return isBad && more > 0 ? $"{Count(more)} more {name} {Span(alert)}: {counts}" : $"{name} no longer grow in number: {counts} {Span(alert)}";
    }

    private string Partition(Alert alert, bool isBad) => !isBad && IsGivenUp(alert)
        ? "has given no record for a week and is no longer waited for"
        : !isBad ? "gives records again"
        : "this partition gives no record" + (alert.Evidence is { From: { } from, Of: { } of, Expected: { } expected }
            ? $" since {Instant(from)}, while the others of its topic gave {Count(of)}: about {Count(Math.Round(expected))} were to be expected" : "");

    private string Held(Alert alert) => alert.Evidence?.Held is not { Count: > 0 } held ? ""
        : $"; alerts about the {Count(held.Count)} units that it feeds are held back: {string.Join(", ", held.First.Select(UnitName))}"
            + (held.Count > held.First.Count ? $" and {Count(held.Count - held.First.Count)} more" : "");

    private string Dropped(Alert alert, bool isBad) => !isBad || alert.Evidence?.Keys is not [_, ..] keys ? "states as much as in the month before"
        : "no longer states " + string.Join(", ", keys.Take(MostKeys).Select(key =>
            $"{key.Key} (in {Percent(key.StatedBefore, key.EventsBefore)} of events before {Day(LocalTime.DateOf(key.Since))}, in "
                + $"{Percent(key.Stated, key.Events)} of {Count(key.Events)} since)"))
            + (keys.Count > MostKeys ? $" and {keys.Count - MostKeys} more keys" : "");

    private string Cases(Alert alert) => Cases(Counts(alert).Count);

    private string SelfCheck(Alert alert, SelfCheckRule check, bool isBad)
    {
        var counted = Fraction(check.CountedNumerator, check.CountedDenominator);
        return isBad ? SelfCheckText(FigureName(check.Figure), Day(check.Day), Fraction(alert.Reading.Numerator, alert.Reading.Denominator), counted)
            : $"{FigureName(check.Figure)} of {Day(check.Day)} agrees with the log again ({counted})";
    }

    private string Ratio(Alert alert, bool isBad)
    {
        var (name, span) = (FigureName(alert.Rule.Figure), Span(alert));
        if (Counts(alert) is not (var count, > 0 and var of, _))
        {
            return $"{name} {span}: no cases yet";
        }

        var value = $"{name} {span}: {Percent(count, of)} ({Count(count)} of {Count(of)})";
        return TargetOf(alert) is not { } target ? value : $"{value}, {(isBad ? "below the target of" : "target")} {Percent(target)}";
    }

    private string Usual(Alert alert, string form) => alert.Evidence?.Expected is { } expected ? string.Format(form, Count(Math.Round(expected, 1))) : "";
}
