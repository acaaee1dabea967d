namespace KpiStream.Engine.Alerts;

/// <summary>Where an alert stands.</summary>
public enum AlertState
{
    /// <summary>Quiet: the condition does not hold; nothing is kept.</summary>
    Inactive,

    /// <summary>The condition holds, not yet for long enough.</summary>
    Pending,

    /// <summary>The condition has held for long enough.</summary>
    Firing,

    /// <summary>It fired, and the condition to clear holds, not yet for long enough.</summary>
    Resolving,

    /// <summary>It fired, and the condition has been clear for long enough.</summary>
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

    /// <summary>Identifies it, across restarts: 16 hexadecimal digits made of rule, unit and <see cref="PendingSince"/>.</summary>
    public string Id { get; init; } = AlertId.Of(Rule.Id, Unit, PendingSince);

    /// <summary>When the condition was first clear after it had fired; null while it is not resolving.</summary>
    public long? ResolvingSince { get; init; }

    /// <summary>Who has taken note of it; null for nobody.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>The id of the source's alert that keeps it as it was; null for none.</summary>
    public string? InhibitedBy { get; init; }

    /// <summary>The cases counted, by source, of an alert about volume, as far as somebody has looked; null otherwise.</summary>
    public IReadOnlyList<SourceShare>? Sources { get; init; }

    /// <summary>The id of the silence because of which nobody is told; null for none.</summary>
    public string? SilencedBy { get; init; }
}

/// <summary>A change of state.</summary>
/// <param name="Alert">The alert after the change.</param>
/// <param name="From">The state before; the state after is the alert's.</param>
/// <param name="At">When it was evaluated, in milliseconds since 1970 UTC.</param>
public sealed record AlertTransition(Alert Alert, AlertState From, long At)
{
    /// <summary>True when somebody should be told: an alert fired, or one that had fired is over.</summary>
    public bool IsNews => Alert.State == AlertState.Resolved || (Alert.State == AlertState.Firing && From != AlertState.Resolving);
}

/// <summary>What an evaluation found.</summary>
/// <param name="Current">Firing, then resolving, then pending, then recently resolved alerts; each by rule and unit.</param>
/// <param name="Transitions">What changed by this evaluation.</param>
public sealed record AlertEvaluation(IReadOnlyList<Alert> Current, IReadOnlyList<AlertTransition> Transitions);
