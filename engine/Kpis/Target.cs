namespace KpiStream.Engine.Kpis;

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

/// <summary>A target as it holds for a period.</summary>
/// <param name="Target">The target judged against.</param>
/// <param name="Lapsed">The year in which it lapsed, when it is the last one known and no longer in force; null while it is in force.</param>
public readonly record struct AppliedTarget(Target Target, int? Lapsed)
{
    /// <summary>
    /// Of dated targets the last one in force on a day; when all have lapsed, the one that lapsed last. Null when none is, or one is still to come.
    /// </summary>
    public static AppliedTarget? On(IReadOnlyList<Target> targets, DateOnly day)
    {
        AppliedTarget? lapsed = null;
        AppliedTarget? inForce = null;
        var isLaterKnown = false;
        foreach (var target in targets)
        {
            isLaterKnown |= target.From > day;
            if (target.IsInForceOn(day))
            {
                inForce = new AppliedTarget(target, null);
            }
            else if (target.To is { } to && to < day && (lapsed is not { } other || to >= other.Target.To))
            {
                lapsed = new AppliedTarget(target, to.Year);
            }
        }

        return inForce ?? (isLaterKnown ? null : lapsed);
    }
}
