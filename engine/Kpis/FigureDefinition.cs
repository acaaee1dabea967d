namespace KpiStream.Engine.Kpis;

/// <summary>Which of a case's two units a figure is counted under.</summary>
public enum UnitRole
{
    Handling, Receiving,
}

/// <summary>Which derived instant places a case in time.</summary>
public enum TimeRole
{
    Filed, Accepted, Ended,
}

/// <summary>Which life a figure counts; feedback and publication duties are counted apart.</summary>
public enum CaseKind
{
    Case, Feedback, Publication,
}

/// <summary>A condition or its negation.</summary>
public readonly record struct Literal(Condition Condition, bool Negated);

/// <summary>
/// One item of a rule: met when any of its literals holds. An item of one literal is a plain condition;
/// of several, an any-of group with a name of its own.
/// </summary>
/// <param name="Name">The condition's name (with <c>not </c> when negated), or the group's own name.</param>
/// <param name="AnyOf">At least one literal.</param>
public sealed record RuleItem(string Name, IReadOnlyList<Literal> AnyOf);

/// <summary>How a figure is judged against a target.</summary>
public enum TargetComparison
{
    /// <summary>Good when the value is at least the target (a ratio in 0–1).</summary>
    AtLeast,

    /// <summary>Low volume when the count is below the target (a count).</summary>
    NotBelow,
}

/// <summary>A target and the local days on which it is in force.</summary>
/// <param name="Value">A ratio in 0–1 for <see cref="TargetComparison.AtLeast"/>, a count for <see cref="TargetComparison.NotBelow"/>.</param>
/// <param name="From">First day in force; null from the beginning.</param>
/// <param name="To">Last day in force; null for ever.</param>
/// <param name="Scope">For whom it holds, in words; null when nothing is said.</param>
public sealed record Target(TargetComparison Comparison, double Value, DateOnly? From, DateOnly? To, string? Scope)
{
    public bool IsInForceOn(DateOnly day) => (From is not { } from || day >= from) && (To is not { } to || day <= to);
}

/// <summary>
/// A figure (spec section 4): a case that matches <see cref="Of"/>, is of <see cref="Kind"/>, is not linked and has the instant named by
/// <see cref="Time"/> counts 1 in the denominator, and 1 in the numerator when it meets every item of <see cref="Count"/>.
/// </summary>
public sealed record FigureDefinition
{
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required string NameVi { get; init; }

    public required string NameEn { get; init; }

    /// <summary>The seeds or decrees the figure rests on.</summary>
    public required string Basis { get; init; }

    public required CaseKind Kind { get; init; }

    public required UnitRole Unit { get; init; }

    public required TimeRole Time { get; init; }

    public required IReadOnlyList<RuleItem> Of { get; init; }

    /// <summary>Null for a volume, which has no numerator. At most <see cref="MaxCountItems"/> items.</summary>
    public required IReadOnlyList<RuleItem>? Count { get; init; }

    /// <summary>Dated targets; the last one in force on a day holds.</summary>
    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Below this denominator the ratio is not judged.</summary>
    public required int TooFew { get; init; }

    /// <summary>The most items in <see cref="Count"/>: every set of missing items is counted, and 2^8 sets are enough to read.</summary>
    public const int MaxCountItems = 8;

    public bool IsVolume => Count is null;

    /// <summary>The target in force on a day, or null.</summary>
    public Target? TargetOn(DateOnly day) => Targets.LastOrDefault(target => target.IsInForceOn(day));
}
