namespace KpiStream.Engine.Alerts;

/// <summary>Where an alert stands.</summary>
public enum AlertState
{
    /// <summary>The condition does not hold; nothing is kept.</summary>
    Inactive,

    /// <summary>The condition holds, not yet for long enough.</summary>
    Pending,

    /// <summary>The condition has held for long enough.</summary>
    Firing,

    /// <summary>It fired, and the condition holds no more.</summary>
    Resolved,
}

/// <summary>One alert of one rule for one unit. Immutable. Rule, unit and <see cref="PendingSince"/> together identify it.</summary>
/// <param name="Rule">What is watched.</param>
/// <param name="Unit">The unit's code.</param>
/// <param name="State">Never <see cref="AlertState.Inactive"/>, except in a transition back to it.</param>
/// <param name="PendingSince">When the condition was first seen to hold, in milliseconds since 1970 UTC.</param>
/// <param name="FiringSince">When it fired; null before.</param>
/// <param name="ResolvedAt">When it resolved; null before.</param>
/// <param name="Reading">The newest reading that had data.</param>
/// <param name="IsMissing">True while the newest reading is missing, and the state is therefore held as it was.</param>
public sealed record Alert(
    AlertRule Rule, string Unit, AlertState State, long PendingSince, long? FiringSince, long? ResolvedAt, AlertReading Reading, bool IsMissing)
{
    /// <summary>What the newest verdict stands on; null when an earlier version kept none.</summary>
    public AlertEvidence? Evidence { get; init; }

    /// <summary>The key that alerts of one cause have in common, see <see cref="AlertRule.CauseOf"/>.</summary>
    public string Cause { get; init; } = Rule.CauseOf(Unit);
}

/// <summary>A change of state.</summary>
/// <param name="Alert">The alert after the change.</param>
/// <param name="From">The state before; the state after is the alert's.</param>
/// <param name="At">When it was evaluated, in milliseconds since 1970 UTC.</param>
public sealed record AlertTransition(Alert Alert, AlertState From, long At)
{
    /// <summary>True when somebody should be told: an alert fired, or one that had fired is over.</summary>
    public bool IsNews => Alert.State is AlertState.Firing or AlertState.Resolved;
}

/// <summary>What an evaluation found.</summary>
/// <param name="Current">Firing, then pending, then recently resolved alerts; each by rule and unit.</param>
/// <param name="Transitions">What changed by this evaluation.</param>
public sealed record AlertEvaluation(IReadOnlyList<Alert> Current, IReadOnlyList<AlertTransition> Transitions);
