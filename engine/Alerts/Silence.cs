using KpiStream.Engine.Units;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// Nobody is told of the alerts it matches until it ends; they are judged and listed all the same. It matches what fits everything it names. Immutable.
/// </summary>
public sealed record Silence
{
    /// <summary>The longest: what is to be quiet for longer is a matter of the rules.</summary>
    public const long LongestMillis = 30 * 86_400_000L;

    public const int LongestReason = 500, LongestName = 100;

    /// <summary>Names it in the API.</summary>
    public required string Id { get; init; }

    public AlertKind? Kind { get; init; }

    /// <summary>A unit's code, with everything below it; a source's name.</summary>
    public string? Unit { get; init; }

    /// <summary>A figure's id.</summary>
    public string? Figure { get; init; }

    /// <summary>See <see cref="Alert.Cause"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who wanted it.</summary>
    public required string By { get; init; }

    /// <summary>When it began, milliseconds since 1970 UTC.</summary>
    public required long From { get; init; }

    /// <summary>When it ends by itself.</summary>
    public required long Until { get; init; }

    /// <summary>What is wrong with it, a sentence for its author; null when nothing is.</summary>
    public string? Mistake() =>
        (Kind, Unit, Figure, Cause) is (null, null, null, null)
            ? "A silence names what it is about: at least one of kind, unit, figure and cause."
        : Reason.Trim().Length is 0 or > LongestReason ? $"A silence has a reason of 1 to {LongestReason} characters."
        : By.Trim().Length is 0 or > LongestName ? $"A silence has an author, a name of 1 to {LongestName} characters."
        : Until <= From ? "A silence ends after now."
        : Until - From > LongestMillis ? "A silence ends within 30 days; what is to be quiet for longer belongs into the rules."
        : null;

    /// <summary>Whether it is about an alert; whether it has ended is not asked.</summary>
    public bool Matches(Alert alert, UnitDirectory units) =>
        (Kind is null || Kind == alert.Rule.Kind) && (Figure is null || Figure == alert.Rule.Figure) && (Cause is null || Cause == alert.Cause)
        && (Unit is null || units.IsAtOrBelow(alert.Unit, Unit));
}
