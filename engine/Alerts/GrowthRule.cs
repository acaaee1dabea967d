using KpiStream.Engine.Alerts.Statistics;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// More cases come than are ended, so that those which wait, or are overdue, grow in number. Over the last <see cref="Days"/> ordinary days the growth is what
/// has come less what was ended, exactly, without any count of what waited before. Had both the same rate, each of the two sums would be half of both by chance
/// (J. Przyborowski and H. Wilenski 1940): it fires where so few ends have a probability of <see cref="Tail"/> at most, and the growth is a matter of days of
/// work, not of chance.
/// </summary>
public sealed record GrowthRule : AlertRule
{
    /// <summary>Two weeks: whole ones, for Mondays have more cases than Fridays.</summary>
    public const int Days = 10;

    /// <summary>With the weekends and a short closure; where it takes longer the offices were closed for long, and everything grows.</summary>
    private const int MostCalendarDays = 21;

    /// <summary>
    /// A new log does not have the cases that were waiting or overdue before it began. They are missing among those that end, so that the counts grow until
    /// ends catch up: nothing is judged before the days looked at begin this long into the log.
    /// </summary>
    private const int SettlingDays = 28;

    private const double ClearTail = 0.05;

    public GrowthRule() => Scope = AlertScope.Leaves;

    /// <summary>The figure that places cases by the day they ended; <see cref="AlertRule.Figure"/> places them by the day they came or were due.</summary>
    public required string Ended { get; init; }

    /// <summary>True for overdue cases: of both figures those that did not achieve it (not on time) are counted. False: all are.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>A growth of fewer cases is never one.</summary>
    public long AtLeast { get; init; } = 10;

    /// <summary>The share of what has come that must be left over, 0–1: of two weeks 30 % is the work of three days.</summary>
    public double Share { get; init; } = 0.3;

    /// <summary>The probability, 0–1, of so few ends by chance from which on it fires; by default that of the grade.</summary>
    public double? Tail { get; init; }

    /// <summary>The probability at which it fires.</summary>
    public double FireAt => Tail ?? (Grade >= AlertGrade.Alarm ? 0.0001 : 0.001);

    public override AlertKind Kind => AlertKind.Backlog;

    protected override string OwnId => $"{(IsOverdue ? "overdue" : "waiting")}_growth:{Figure}";

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override int HistoryDays => MostCalendarDays + Days;

    public override IReadOnlyList<string> AllFigures() => [Figure, Ended];

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData || reading is not { History: { } history, Ended: not null })
        {
            return Judgement.Missing;
        }

        // In office hours: at night nobody is helped, and a source that sends once a day has not sent yesterday's ends.
        if (!history.Calendar.IsOpen(now) || !JudgedDays.IsOrdinary(LocalTime.DayOf(now), history.Calendar) || CountOf(in reading) is not { } count)
        {
            return Judgement.Between;
        }

        return count.Growth >= AtLeast && count.Growth >= Share * count.Came && count.Chance <= FireAt ? Judgement.Met
            : count.Growth < AtLeast / 2.0 || count.Growth < Share / 2 * count.Came || count.Chance >= ClearTail ? Judgement.Clear
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        if (CountOf(in reading) is not { } count)
        {
            return base.Evidence(in reading, now);
        }

        var (low, high) = Wilson.Interval(count.Ended, count.Came + count.Ended);
        return new AlertEvidence
        {
            Count = count.Ended,
            Of = count.Came,
            Expected = count.Came,
            Low = high < 1 ? low / (1 - low) : null,
            High = high < 1 ? high / (1 - high) : null,
            Chance = count.Chance,
            From = LocalTime.StartOfDay(count.First),
            To = LocalTime.StartOfDay(reading.History!.LastDay),
        };
    }

    /// <summary>
    /// What came and what ended from the first of the last <see cref="Days"/> ordinary days to yesterday, every day between; null where it is not known.
    /// </summary>
    private Flow? CountOf(in AlertReading reading)
    {
        if (reading is not { History: { } came, Ended: { } ended } || came.ComparedDays() is not { Count: >= Days } ordinary)
        {
            return null;
        }

        var first = ordinary[^Days];
        if (first - came.ObservedFrom < SettlingDays || came.LastDay - first > MostCalendarDays
            || Enumerable.Range(first, came.LastDay - first).Any(came.Lacks))
        {
            return null;
        }

        var (into, outOf) = (0L, 0L);
        for (var day = first; day < came.LastDay; day++)
        {
            (into, outOf) = (into + Cases(came.On(day)), outOf + Cases(ended.On(day)));
        }

        return new Flow(first, into, outOf);
    }

    private long Cases(FigureCount count) => IsOverdue ? count.Denominator - count.Numerator - count.Unobserved : count.Denominator;

    /// <param name="First">The first local day.</param>
    /// <param name="Came">Cases that came, or became overdue.</param>
    /// <param name="Ended">Cases that were ended.</param>
    private readonly record struct Flow(int First, long Came, long Ended)
    {
        public long Growth => Came - Ended;

        public double Chance { get; } = Tails.BinomialAtMost(Ended, Came + Ended, 0.5);
    }
}
