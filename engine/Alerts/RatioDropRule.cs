using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A ratio that has fallen below its target, found by the latest cases alone: a CUSUM of a ratio <see cref="Depth"/> below the target against the one the unit
/// had, see <see cref="RatioTrack"/>, over settled days. A window of a month has forgotten half of the better time only after two weeks; this finds a fall from
/// 80 to 60 % in one.
/// It says nothing while the latest cases still meet the target, and nothing of a unit that never met it: that is what <see cref="BelowTargetRule"/> is for.
/// </summary>
public sealed record RatioDropRule : AlertRule
{
    /// <summary>Of 100 healthy communes about three a month are named.</summary>
    public const double WatchScore = 4.5;

    /// <summary>Of 100 healthy communes one or two a year are named; a fall from 80 to 60 % at 20 cases a day is found after five days.</summary>
    public const double AlarmScore = 7.5;

    private const double ClearShare = 0.25;

    /// <summary>How far below the target the ratio looked for lies.</summary>
    public double Depth { get; init; } = 0.1;

    /// <summary>The CUSUM at which it fires; by default that of the grade.</summary>
    public double? Score { get; init; }

    /// <summary>The CUSUM at which it fires.</summary>
    public double FireAt => Score ?? (Grade >= AlertGrade.Alarm ? AlarmScore : WatchScore);

    public RatioDropRule() => Grade = AlertGrade.Alarm;

    public override AlertKind Kind => AlertKind.Ratio;

    protected override string OwnId => $"ratio_drop:{Figure}" + (Grade == AlertGrade.Watch ? ":watch" : "");

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override int HistoryDays => PaceBaseline.CalendarDays;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.History is not { } history)
        {
            return Judgement.Missing;
        }

        return reading.Target is not { } target ? Judgement.Clear
            : history.Ratio(target, Depth, history.SettledDay(now)) is not { } track ? Judgement.Between
            : track.Score >= FireAt && track.Achieved < target * track.Cases ? Judgement.Met
            : track.Score <= FireAt * ClearShare ? Judgement.Clear
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        if (reading is not { Target: { } target, History: { } history } || history.Ratio(target, Depth, history.SettledDay(now)) is not { } track)
        {
            return base.Evidence(in reading, now);
        }

        var (low, high) = Wilson.Interval(track.Achieved, track.Cases);
        return new AlertEvidence
        {
            Count = track.Achieved - track.Unobserved,
            Of = track.Cases,
            Unobserved = track.Unobserved,
            Expected = track.Usual * track.Cases,
            Low = low,
            High = high,
            Target = target,
            Chance = Statistics.Tails.BinomialAtMost(track.Achieved, track.Cases, track.Usual),
            From = LocalTime.StartOfDay(track.Since),
            To = LocalTime.StartOfDay(track.Last + 1),
        };
    }
}
