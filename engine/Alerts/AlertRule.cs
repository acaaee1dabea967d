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

    /// <summary>The condition holds.</summary>
    Met,
}

/// <summary>How much an alert matters.</summary>
public enum AlertSeverity
{
    /// <summary>A figure is not as it should be.</summary>
    Warning,

    /// <summary>The figures cannot be believed.</summary>
    Critical,
}

/// <summary>A condition on one figure over one period, judged for each unit by itself.</summary>
public abstract record AlertRule
{
    /// <summary>The longest hold: a week.</summary>
    public const long MaxHoldMillis = 7 * 86_400_000L;

    /// <summary>The id of the figure read.</summary>
    public required string Figure { get; init; }

    /// <summary>How long the condition must hold before the alert fires, in milliseconds; 0 fires at once.</summary>
    public long HoldMillis { get; init; }

    /// <summary>Names the rule in the API and in messages; the same for the same condition.</summary>
    public abstract string Id { get; }

    /// <summary>The period whose figures must be read for this rule.</summary>
    public abstract Period Period { get; }

    /// <summary>How much it matters when the condition holds.</summary>
    public virtual AlertSeverity Severity => AlertSeverity.Warning;

    /// <summary>Whether a unit is judged by the rule at all.</summary>
    public virtual bool Concerns(UnitRow unit) => true;

    /// <summary>
    /// The local days read where they have ended for good: unless the log covers them, nothing may be judged. Null for a period that is open.
    /// </summary>
    public virtual (DateOnly From, DateOnly To)? ClosedDays(long now) => null;

    /// <summary>Judges a reading. Pure.</summary>
    /// <param name="reading">What was read for a unit.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public abstract Judgement Judge(in AlertReading reading, long now);
}
