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
/// <para>
/// Days that are not settled (<see cref="UnitHistory.SettledDay"/>) are left out of a window of a week or more; a shorter one has no others.
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

    /// <summary>Calendar days that hold all that are not settled: Tết, a day before it and one after.</summary>
    private const int UnsettledDays = 21;

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

    public override int HistoryDays => IsLong ? UnsettledDays : 0;

    private bool IsLong => Over.Kind switch
    {
        PeriodKind.Sliding => Over.Seconds >= 7 * 86_400,
        PeriodKind.Day => false,
        _ => true,
    };

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
        var count = CountOf(in reading, now);
        if (count.Denominator == 0)
        {
            return Judgement.Between;
        }

        var tail = TailOf(count, target);
        return tail >= ClearAt ? Judgement.Clear
            : tail <= FireAt && count.Denominator >= MinCount ? Judgement.Met
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        var evidence = base.Evidence(in reading, now);
        if (reading.Numerator is null)
        {
            return evidence;
        }

        var count = CountOf(in reading, now);
        var (low, high) = Wilson.Interval(AchievedOf(count), count.Denominator);
        return evidence with
        {
            Count = count.Numerator,
            Of = count.Denominator,
            Unobserved = count.Unobserved,
            Low = low,
            High = high,
            Expected = reading.Target is { } asked ? Judged(asked) * count.Denominator : null,
            Chance = reading.Target is { } target && count.Denominator > 0 ? TailOf(count, target) : null,
            To = IsLong && reading.History is { } history ? Math.Min(evidence.To ?? now, LocalTime.StartOfDay(history.SettledDay(now) + 1)) : evidence.To,
        };
    }

    /// <summary>What is judged: the window without those of its days that are not settled.</summary>
    private FigureCount CountOf(in AlertReading reading, long now)
    {
        var unsettled = default(FigureCount);
        if (IsLong && reading.History is { } history)
        {
            var (first, last) = WholeDays(now);
            for (var day = Math.Max(first, history.SettledDay(now) + 1); day <= Math.Min(last, history.LastDay); day++)
            {
                unsettled += history.On(day);
            }
        }

        // The history may be some minutes behind the window, and a case corrected meanwhile.
        var of = Math.Max(0, reading.Denominator - unsettled.Denominator);
        var achieved = Math.Clamp(reading.Numerator!.Value - unsettled.Numerator, 0, of);
        return new FigureCount(of, achieved, Math.Clamp(reading.Unobserved - unsettled.Unobserved, 0, of - achieved));
    }

    /// <summary>The first local day that lies wholly in the window, and the last that lies in it.</summary>
    private (int First, int Last) WholeDays(long now)
    {
        var today = LocalTime.DayOf(now);
        return LedgerSums.DaysOf(Over, LocalTime.DateOf(today), LocalTime.DateOf(today)) is { } days
            ? (LocalTime.DayOf(days.From), LocalTime.DayOf(days.To))
            : (LocalTime.DayOf(now - (Over.Seconds * LocalTime.MillisPerSecond)) + 1, today);
    }

    private double TailOf(FigureCount count, double target) => Tails.BinomialAtMost(AchievedOf(count), count.Denominator, Judged(target));

    private static long AchievedOf(FigureCount count) => Math.Min(count.Numerator + count.Unobserved, count.Denominator);

    private double Judged(double target) => Math.Min(target, MostTarget ?? (About == AlertKind.Copies ? 0.95 : 1));
}
