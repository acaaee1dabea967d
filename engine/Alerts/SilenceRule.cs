using KpiStream.Engine.Alerts.Statistics;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// No case of a unit for longer than its own rhythm makes plausible: in a unit that is as it was, a pause so long would come less than once in
/// 1 / <see cref="YearlyChance"/> years. What is expected of the days since the last case, and of today's office hours so far, is that of the pace rule.
/// </summary>
public sealed record SilenceRule : AlertRule
{
    /// <summary>Working days of a year, each of which may begin a pause.</summary>
    private const double DaysOfYear = 250;

    /// <summary>
    /// The chance of such a pause in a healthy unit's year at which it fires: a false alarm in five years of 100 communes, as far as the baseline is
    /// right. A unit of 20 cases a day is found silent after a day.
    /// </summary>
    public double YearlyChance { get; init; } = 0.002;

    public SilenceRule() => (Grade, Scope) = (AlertGrade.Alarm, AlertScope.Everything);

    public override AlertKind Kind => AlertKind.Silence;

    protected override string OwnId => $"silence:{Figure}";

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override int HistoryDays => PaceBaseline.CalendarDays;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.History is not { } history)
        {
            return Judgement.Missing;
        }

        if (history.On(history.LastDay).Denominator > 0)
        {
            return Judgement.Clear;
        }

        return JudgedDays.MayDecide(now, history.Calendar) && Pause(history, now) is { } pause && ChanceOf(pause) <= YearlyChance ? Judgement.Met
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        if (reading.History is not { } history || Pause(history, now) is not { } pause)
        {
            return base.Evidence(in reading, now);
        }

        var (low, high) = Tails.UsualRange(pause.Expected, pause.Spread);
        return new AlertEvidence
        {
            Count = 0,
            Expected = pause.Expected,
            Low = low,
            High = high,
            Chance = ChanceOf(pause),
            From = LocalTime.StartOfDay(pause.From),
            To = now,
        };
    }

    /// <summary>The pause that lasts.</summary>
    private static LastingPause? Pause(UnitHistory history, long now)
    {
        if (history.Pace(0.5) is not { Usual: var usual })
        {
            return null;
        }

        var from = history.LastDay;
        while (from > Math.Max(history.FirstDay, history.ObservedFrom) && history.On(from - 1).Denominator == 0)
        {
            from--;
        }

        var (expected, squares, logNone) = (0.0, 0.0, 0.0);
        for (var day = from; day <= history.LastDay; day++)
        {
            if (history.Judged.Contains(day) && !history.LeftOut.Contains(day))
            {
                var share = day == history.LastDay ? OfficeShare(day, now, history.Calendar) : 1;
                var mean = usual.MeanOn(day) * share;
                (expected, squares) = (expected + mean, squares + (mean * mean));
                logNone -= Math.Log(1 + (usual.Dispersion * usual.MeanOn(day, isCautious: true) * share)) / usual.Dispersion;
            }
        }

        return new LastingPause(from, expected, expected > 0 ? usual.Dispersion * squares / (expected * expected) : 0, logNone, usual.Mean);
    }

    /// <summary>Pauses begin with every case, so a busy unit has more of them to be long by chance.</summary>
    private static double ChanceOf(LastingPause pause) =>
        1 - Math.Exp(-Math.Max(1, pause.Daily) * DaysOfYear * Math.Exp(pause.LogNone));

    /// <summary>The share of a day's office time that has passed.</summary>
    private static double OfficeShare(int day, long now, WorkingCalendar calendar)
    {
        var start = LocalTime.StartOfDay(day);
        return Math.Clamp(calendar.WorkingMillis(start, now) / (double)Math.Max(1, calendar.WorkingMillis(start, start + LocalTime.MillisPerDay)), 0, 1);
    }

    /// <param name="From">Its first day.</param>
    /// <param name="Expected">The cases expected in it.</param>
    /// <param name="Spread">The dispersion of their sum.</param>
    /// <param name="LogNone">The logarithm of the chance of none.</param>
    /// <param name="Daily">The usual cases of a day.</param>
    private readonly record struct LastingPause(int From, double Expected, double Spread, double LogNone, double Daily);
}
