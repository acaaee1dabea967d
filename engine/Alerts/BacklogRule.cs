using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// Cases filed and neither taken in nor answered though eight working hours have passed. The figure's days are those of filing; a case is beyond its hours for
/// certain once the unit has been open for eight hours since the day of filing, so the count is what is known to be late, never more.
/// </summary>
public sealed record BacklogRule : AlertRule
{
    /// <summary>Calendar days of filing that are looked at: what waits for longer is a case forgotten, and no growing backlog.</summary>
    public const int Days = 30;

    public BacklogRule() => Scope = AlertScope.Leaves;

    /// <summary>Fewer waiting cases are exceptions.</summary>
    public long AtLeast { get; init; } = 10;

    /// <summary>The share of the cases filed on those days from which on it is more than exceptions, 0–1.</summary>
    public double Share { get; init; } = 0.05;

    public override AlertKind Kind => AlertKind.Backlog;

    protected override string OwnId => $"backlog:{Figure}";

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override int HistoryDays => Days + 1;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading.History is not { } history)
        {
            return Judgement.Missing;
        }

        var (late, filed) = CountOf(history, now);
        return late >= AtLeast && late >= Share * filed ? Judgement.Met
            : late <= AtLeast / 2 || late <= Share / 2 * filed ? Judgement.Clear
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        if (reading.History is not { } history)
        {
            return base.Evidence(in reading, now);
        }

        var (late, filed) = CountOf(history, now);
        return new AlertEvidence { Count = late, Of = filed, From = LocalTime.StartOfDay(history.LastDay - Days), To = now };
    }

    /// <summary>Cases that wait beyond their hours, and all that were filed on the same days.</summary>
    private static (long Late, long Filed) CountOf(UnitHistory history, long now)
    {
        var sum = default(FigureCount);
        for (var day = history.LastDay - Days; day < history.LastDay; day++)
        {
            var late = history.Calendar.AddWorkingTime(LocalTime.StartOfDay(day + 1), WorkingCalendar.MillisPerWorkingDay);
            sum += late <= now ? history.On(day) : default;
        }

        return (sum.Denominator - sum.Numerator - sum.Unobserved, sum.Denominator);
    }
}
