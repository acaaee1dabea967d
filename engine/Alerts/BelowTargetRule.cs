using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A ratio below its target with enough evidence: at least <see cref="MinCount"/> cases, and even the upper end of the Wilson 95 %
/// interval is under the target, with every unobserved case in the numerator, so that bad luck of a few cases does not ring. Without a target in force there is
/// nothing to be below. A denominator of 0 is the state <c>no_data</c>: missing.
/// </summary>
public sealed record BelowTargetRule : AlertRule
{
    /// <summary>The period judged, a sliding one as a rule.</summary>
    public required Period Over { get; init; }

    /// <summary>Below this denominator the rule is silent.</summary>
    public required long MinCount { get; init; }

    public override AlertKind Kind => AlertKind.Ratio;

    protected override string OwnId => $"below_target:{Figure}:{Over.Name}";

    public override Period Period => Over;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.Denominator == 0 || reading.Numerator is not { } numerator)
        {
            return Judgement.Missing;
        }

        var isBelow = reading.Target is { } target
            && reading.Denominator >= MinCount
            && Wilson.Interval(numerator + reading.Unobserved, reading.Denominator).Upper < target;
        return isBelow ? Judgement.Met : Judgement.Clear;
    }
}
