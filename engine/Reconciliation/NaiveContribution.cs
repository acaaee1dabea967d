using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Reconciliation;

/// <summary>One case's place in one figure, as the recount sees it.</summary>
/// <param name="Case">The case's pseudonym.</param>
/// <param name="Figure">The figure's id.</param>
/// <param name="Unit">The unit's code after aliases and successors.</param>
/// <param name="Second">The instant that places the case, in whole seconds since 1970 UTC, rounded towards the past.</param>
/// <param name="Outcome">What its <c>count</c> says, three-valued.</param>
/// <param name="Missing">Names of the items of <c>count</c> that are false or unknown; empty when it counts in the numerator and for volumes.</param>
public sealed record NaiveContribution(CaseId Case, string Figure, string Unit, long Second, Outcome Outcome, IReadOnlySet<string> Missing)
{
    /// <summary>True when every item of the figure's <c>count</c> is true; false for volumes, which have none.</summary>
    public bool Numerator => Outcome == Outcome.Counted;

    /// <summary>True when none of the items is false and some are unknown.</summary>
    public bool Unobserved => Outcome == Outcome.Unobserved;
}
