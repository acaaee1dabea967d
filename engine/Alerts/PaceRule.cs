using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// Cases come more slowly than is usual for the unit: a lower CUSUM of its whole days, see <see cref="PaceTrack"/>. A day counts once it is over, and the rule
/// decides only when <see cref="JudgedDays.MayDecide"/>.
/// </summary>
public sealed record PaceRule : AlertRule
{
    /// <summary>
    /// A watch: of 100 healthy communes three a week are named, and one of 20 cases a day that halve is found after two days.
    /// </summary>
    public const double WatchScore = 3.5;

    /// <summary>An alarm: a false one of 100 communes in a month, and one that halves is found after three or four days.</summary>
    public const double AlarmScore = 6.5;

    /// <summary>Clear again below this share of the score that fires.</summary>
    private const double ClearShare = 0.25;

    public PaceRule() => (Grade, Scope) = (AlertGrade.Alarm, AlertScope.Everything);

    /// <summary>The share of the usual volume that is looked for, 0–1.</summary>
    public double Fall { get; init; } = 0.5;

    /// <summary>The CUSUM at which it fires; by default that of the grade.</summary>
    public double? Score { get; init; }

    /// <summary>The CUSUM at which it fires.</summary>
    public double FireAt => Score ?? (Grade >= AlertGrade.Alarm ? AlarmScore : WatchScore);

    public override AlertKind Kind => AlertKind.Pace;

    protected override string OwnId => $"pace:{Figure}" + (Grade == AlertGrade.Watch ? ":watch" : "");

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override int HistoryDays => PaceBaseline.CalendarDays;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.History is not { } history)
        {
            return Judgement.Missing;
        }

        return !JudgedDays.MayDecide(now, history.Calendar) || history.Pace(Fall) is not { } track ? Judgement.Between
            : track.Score >= FireAt ? Judgement.Met
            : track.Score <= FireAt * ClearShare ? Judgement.Clear
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        if (reading.History?.Pace(Fall) is not { } track)
        {
            return base.Evidence(in reading, now);
        }

        var (low, high) = track.Range;
        return new AlertEvidence
        {
            Count = track.Count,
            Expected = track.Expected,
            Low = low,
            High = high,
            Chance = track.Chance,
            From = LocalTime.StartOfDay(track.Since),
            To = LocalTime.StartOfDay(track.Last + 1),
        };
    }
}
