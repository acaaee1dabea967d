using KpiStream.Engine.Alerts.Statistics;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A ratio below the target in force beyond what chance explains: the exact lower tail of a binomial count, had the unit just met its target, is at most
/// <see cref="FireAt"/>. Every unobserved case counts as achieved, so a source that says less never makes an alarm.
/// <para>
/// Two grades with the limits of a funnel plot (D. J. Spiegelhalter, Statistics in Medicine 24, 2005): 95 % for a watch, 99.8 % for an alarm, on both
/// sides; a unit below its target is outside on the lower side with half of what is left. It is clear again only when the tail is at least
/// <see cref="ClearAt"/>; between the two the state stays, for a ratio that wanders around one limit would change it all the time.
/// </para>
/// <para>Without a target in force there is nothing to be below. A denominator of 0 is the state <c>no_data</c>: missing.</para>
/// </summary>
public sealed record BelowTargetRule : AlertRule
{
    /// <summary>The tail at a funnel's 95 % limit.</summary>
    public const double WatchTail = 0.025;

    /// <summary>The tail at a funnel's 99.8 % limit.</summary>
    public const double AlarmTail = 0.001;

    /// <summary>
    /// Half a standard deviation below the target. At a true ratio of the target itself and a window of 100 cases a watch then changes its state 1.7 times in
    /// 1,000 cases, with 0.1 it were 2.1; a bare threshold does 36 to 38 times.
    /// </summary>
    public const double DefaultClearAt = 0.3;

    public BelowTargetRule() => Grade = AlertGrade.Alarm;

    /// <summary>The period judged, a sliding one as a rule.</summary>
    public required Period Over { get; init; }

    /// <summary>Below this denominator the rule is silent.</summary>
    public required long MinCount { get; init; }

    /// <summary>The tail at which it fires; by default that of the grade's funnel limit.</summary>
    public double? Tail { get; init; }

    /// <summary>The tail at which it fires.</summary>
    public double FireAt => Tail ?? (Grade >= AlertGrade.Alarm ? AlarmTail : WatchTail);

    /// <summary>The tail from which on it is clear.</summary>
    public double ClearAt { get; init; } = DefaultClearAt;

    /// <summary>
    /// What a target is lowered to before it is judged by: under one of 100 % a single case of thousands would be beyond all chance. The literal target stays
    /// in the evidence, and the report of the closed month is by it. Left out, 95 % of same-day copies, and no limit for others.
    /// </summary>
    public double? MostTarget { get; init; }

    /// <summary><see cref="AlertKind.Copies"/> where the figure is that of same-day copies.</summary>
    public AlertKind About { get; init; } = AlertKind.Ratio;

    public override AlertKind Kind => About;

    protected override string OwnId => $"below_target:{Figure}:{Over.Name}" + (Grade == AlertGrade.Watch ? ":watch" : "");

    public override Period Period => Over;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.Denominator == 0 || reading.Numerator is null)
        {
            return Judgement.Missing;
        }

        if (reading.Target is not { } target)
        {
            return Judgement.Clear;
        }

        // Too few cases to fire are too few to clear, unless nothing is below at all.
        var tail = TailOf(in reading, target);
        return tail >= ClearAt ? Judgement.Clear
            : tail <= FireAt && reading.Denominator >= MinCount ? Judgement.Met
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        var evidence = base.Evidence(in reading, now);
        if (reading.Numerator is not { } numerator)
        {
            return evidence;
        }

        var achieved = Math.Min(numerator + reading.Unobserved, reading.Denominator);
        var (low, high) = Wilson.Interval(achieved, reading.Denominator);
        return evidence with
        {
            Low = low,
            High = high,
            Expected = reading.Target is { } asked ? Judged(asked) * reading.Denominator : null,
            Chance = reading.Target is { } target && reading.Denominator > 0 ? TailOf(in reading, target) : null,
        };
    }

    private double TailOf(in AlertReading reading, double target) => Tails.BinomialAtMost(
        Math.Min(reading.Numerator!.Value + reading.Unobserved, reading.Denominator), reading.Denominator, Judged(target));

    private double Judged(double target) => Math.Min(target, MostTarget ?? (About == AlertKind.Copies ? 0.95 : 1));
}
