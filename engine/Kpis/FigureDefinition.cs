namespace KpiStream.Engine.Kpis;

/// <summary>Which of a case's two units a figure is counted under.</summary>
public enum UnitRole
{
    Handling, Receiving,
}

/// <summary>Which instant places a case in time; <see cref="Due"/> places it whether it has ended or not.</summary>
public enum TimeRole
{
    Filed, Accepted, Due, Ended,
}

/// <summary>What becomes of cases that a linked procedure opened.</summary>
public enum LinkedCases
{
    Exclude, Include, Only,
}

/// <summary>Which life a figure counts; feedback and publication duties are counted apart.</summary>
public enum CaseKind
{
    Case, Feedback, Publication,
}

/// <summary>A condition or its negation.</summary>
public sealed record Literal(Condition Condition, bool Negated);

/// <summary>
/// One item of a rule: met when any of its literals holds. An item of one literal is a plain condition;
/// of several, an any-of group with a name of its own.
/// </summary>
/// <param name="Name">The condition's name (with <c>not </c> when negated), or the group's own name.</param>
/// <param name="AnyOf">At least one literal.</param>
public sealed record RuleItem(string Name, IReadOnlyList<Literal> AnyOf);

/// <summary>
/// A figure: a case that matches <see cref="Of"/>, is of <see cref="Kind"/>, is not linked (unless <see cref="Linked"/> says otherwise)
/// and has the instant named by <see cref="Time"/> counts 1 in the denominator, 1 in the numerator when every item of <see cref="Count"/> is true,
/// and 1 as unobserved when none is false and some are unknown.
/// </summary>
public sealed record FigureDefinition
{
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required string NameVi { get; init; }

    public required string NameEn { get; init; }

    /// <summary>The documents the figure rests on, as a leader would cite them, in Vietnamese.</summary>
    public required string Basis { get; init; }

    /// <summary>One sentence in Vietnamese that says what is counted; empty when the rulebook has none.</summary>
    public string Sentence { get; init; } = "";

    public required CaseKind Kind { get; init; }

    public required UnitRole Unit { get; init; }

    public required TimeRole Time { get; init; }

    public LinkedCases Linked { get; init; } = LinkedCases.Exclude;

    /// <summary>Read two-valued: an unobserved fact has the value that null has. May be empty.</summary>
    public required IReadOnlyList<RuleItem> Of { get; init; }

    /// <summary>Read three-valued. Null for a volume, which has no numerator. At most <see cref="MaxCountItems"/> items.</summary>
    public required IReadOnlyList<RuleItem>? Count { get; init; }

    /// <summary>Dated targets, see <see cref="AppliedTarget.On"/>.</summary>
    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Below this denominator the ratio is not judged.</summary>
    public required int TooFew { get; init; }

    /// <summary>False for a figure that boards and the API show, alert rules judge and <c>--export</c> leaves out.</summary>
    public bool IsExported { get; init; } = true;

    /// <summary>The most items in <see cref="Count"/>: every set of missing items is counted, and 2^8 sets are enough to read.</summary>
    public const int MaxCountItems = 8;

    public bool IsVolume => Count is null;

    /// <summary>The rulebook's target for a day, without the units' own; null for none.</summary>
    public AppliedTarget? TargetOn(DateOnly day) => AppliedTarget.On(Targets, day);
}
