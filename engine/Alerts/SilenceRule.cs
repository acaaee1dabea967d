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

        return new AlertEvidence
        {
            Count = 0,
            Expected = pause.Expected,
            Chance = ChanceOf(pause),
            From = LocalTime.StartOfDay(pause.From),
            To = now,
        };
    }

    /// <summary>The pause that lasts: its first day, the cases expected in it, the logarithm of the chance of none, and the usual cases of a day.</summary>
    private static (int From, double Expected, double LogNone, double Daily)? Pause(UnitHistory history, long now)
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

        var (expected, logNone) = (0.0, 0.0);
        for (var day = from; day <= history.LastDay; day++)
        {
            if (history.Judged.Contains(day) && !history.LeftOut.Contains(day))
            {
                var share = day == history.LastDay ? OfficeShare(day, now, history.Calendar) : 1;
                expected += usual.MeanOn(day) * share;
                logNone -= Math.Log(1 + (usual.Dispersion * usual.MeanOn(day, isCautious: true) * share)) / usual.Dispersion;
            }
        }

        return (from, expected, logNone, usual.Mean);
    }

    /// <summary>Pauses begin with every case, so a busy unit has more of them to be long by chance.</summary>
    private static double ChanceOf((int From, double Expected, double LogNone, double Daily) pause) =>
        1 - Math.Exp(-Math.Max(1, pause.Daily) * DaysOfYear * Math.Exp(pause.LogNone));

    /// <summary>The share of a day's office time that has passed.</summary>
    private static double OfficeShare(int day, long now, WorkingCalendar calendar)
    {
        var start = LocalTime.StartOfDay(day);
        return Math.Clamp(calendar.WorkingMillis(start, now) / (double)Math.Max(1, calendar.WorkingMillis(start, start + LocalTime.MillisPerDay)), 0, 1);
    }
}
