using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// The breach as the regulation counts it: a month that is over ended below its target, by one case or by many. It is a report, for chance makes such months
/// too. From seven o'clock on the first day of a month it speaks of the month before; the night before clears what was said of an earlier one, so that every
/// month has a report of its own.
/// </summary>
public sealed record OfficialBreachRule : AlertRule
{
    private const long JudgedFrom = 7 * 3_600_000L;

    /// <summary>Two months hold the one that is over.</summary>
    private const int TwoMonths = 62;

    public OfficialBreachRule() => Grade = AlertGrade.Report;

    public override AlertKind Kind => AlertKind.OfficialBreach;

    protected override string OwnId => $"official_breach:{Figure}";

    public override Period Period { get; } = new("month", PeriodKind.Month);

    public override int HistoryDays => TwoMonths;

    public override (DateOnly From, DateOnly To)? ClosedDays(long now) => MonthBefore(now);

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.History is not { } history)
        {
            return Judgement.Missing;
        }

        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        var count = CountOf(history, now);
        if (reading.Target is not { } target || count.Denominator == 0 || (today.Day == 1 && now - LocalTime.StartOfDay(LocalTime.DayOf(now)) < JudgedFrom))
        {
            return Judgement.Clear;
        }

        // Compared as counts: 70 of 100 meets 70 %. What is unobserved may have met it, and the regulation accuses nobody of that.
        var needed = (decimal)target * count.Denominator;
        return count.Numerator + count.Unobserved < needed ? Judgement.Met : Judgement.Clear;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        if (reading.History is not { } history)
        {
            return base.Evidence(in reading, now);
        }

        var (count, days) = (CountOf(history, now), MonthBefore(now));
        return new AlertEvidence
        {
            Count = count.Numerator,
            Of = count.Denominator,
            Unobserved = count.Unobserved,
            Target = reading.Target,
            From = LocalTime.StartOfDay(LocalTime.DayOf(days.From)),
            To = LocalTime.StartOfDay(LocalTime.DayOf(days.To) + 1),
        };
    }

    private static FigureCount CountOf(UnitHistory history, long now)
    {
        var (from, to) = MonthBefore(now);
        var sum = default(FigureCount);
        for (var day = LocalTime.DayOf(from); day <= LocalTime.DayOf(to); day++)
        {
            sum += history.On(day);
        }

        return sum;
    }

    private static (DateOnly From, DateOnly To) MonthBefore(long now)
    {
        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        var first = today.AddDays(1 - today.Day);
        return (first.AddMonths(-1), first.AddDays(-1));
    }
}
