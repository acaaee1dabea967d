namespace KpiStream.Engine.Alerts;

/// <summary>What is to be known of an alert after a restart. Immutable. Instants are milliseconds since 1970 UTC.</summary>
/// <param name="Rule">The id of its rule.</param>
/// <param name="Unit">The unit's code.</param>
/// <param name="PendingSince">When the condition was first seen to hold.</param>
/// <param name="FiringSince">When it fired; null before.</param>
/// <param name="ResolvedAt">When it resolved; null while it is pending or firing.</param>
/// <param name="Held">How long the condition is known to have held, in milliseconds.</param>
/// <param name="Denominator">Of the newest reading that had data.</param>
/// <param name="Numerator">Likewise; null for a volume.</param>
/// <param name="Target">Likewise; null when none was in force.</param>
public sealed record RememberedAlert(
    string Rule, string Unit, long PendingSince, long? FiringSince, long? ResolvedAt, long Held, long Denominator, long? Numerator, double? Target)
{
    /// <summary>What the newest verdict stood on; null when an earlier version kept none.</summary>
    public AlertEvidence? Evidence { get; init; }

    /// <summary>When the condition was first clear after it had fired; null while it is not resolving.</summary>
    public long? ResolvingSince { get; init; }

    /// <summary>How long the condition is known to have been clear since then, in milliseconds.</summary>
    public long ClearHeld { get; init; }

    /// <summary>Who has taken note of it; null for nobody.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    internal static RememberedAlert Of(Alert alert, long held, long clearHeld) => new(
        alert.Rule.Id, alert.Unit, alert.PendingSince, alert.FiringSince, alert.ResolvedAt, held, alert.Reading.Denominator, alert.Reading.Numerator,
            alert.Reading.Target)
    {
        Evidence = alert.Evidence,
        ResolvingSince = alert.ResolvingSince,
        ClearHeld = clearHeld,
        Acknowledged = alert.Acknowledged,
    };

    internal AlertReading ReadingOf(AlertRule rule) => new(rule, Unit, Denominator, Numerator, Target, HasData: true);

    internal Alert AsResolved(AlertRule rule) => new(rule, Unit, AlertState.Resolved, PendingSince, FiringSince, ResolvedAt, ReadingOf(rule), IsMissing: false)
    {
        Evidence = Evidence,
        ResolvingSince = ResolvingSince,
        Acknowledged = Acknowledged,
    };
}
