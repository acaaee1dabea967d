using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Reconciliation;

/// <summary>One asked-for period counted at one now: where a second falls, and the rows that come of it.</summary>
internal sealed class NaivePeriod(Period period, long nowMillis)
{
    private readonly Dictionary<(string Kpi, string Unit, DateOnly First), (long Denominator, long Numerator, long Unobserved)> counts = [];
    private readonly long nowSecond = LocalTime.SecondOf(nowMillis);

    /// <summary>True for periods whose rows stand at zero too: they have one interval, and silence must be visible.</summary>
    public bool ShowsZero => period.Kind is PeriodKind.Sliding or PeriodKind.Since;

    /// <summary>Counts a contribution that is not held, if the period covers it.</summary>
    /// <param name="unit">The unit it is counted under: its own, or one above.</param>
    public void Add(NaiveContribution one, string unit)
    {
        var day = LocalTime.DateOf(LocalTime.DayOfSecond(one.Second));
        if (!Covers(one.Second, day))
        {
            return;
        }

        var key = (one.Figure, unit, FirstDay(day));
        var (denominator, numerator, unobserved) = counts.GetValueOrDefault(key);
        counts[key] = (denominator + 1, numerator + (one.Numerator ? 1 : 0), unobserved + (one.Unobserved ? 1 : 0));
    }

    /// <summary>Makes sure that a row stands for the unit, at zero when nothing was counted. Only where <see cref="ShowsZero"/>.</summary>
    public void Show(string kpi, string unit) => counts.TryAdd((kpi, unit, FirstDay(default)), (0, 0, 0));

    /// <param name="isVolume">Tells figures without a numerator.</param>
    public IEnumerable<FigureRow> Rows(Func<string, bool> isVolume) => counts.Select(count =>
    {
        var ((kpi, unit, first), (denominator, numerator, unobserved)) = count;
        var (from, to) = Bounds(first);
        return new FigureRow(kpi, unit, period.Name, from, to, denominator, isVolume(kpi) ? null : numerator, isVolume(kpi) ? null : unobserved);
    });

    private bool Covers(long second, DateOnly day) => period.Kind switch
    {
        PeriodKind.Sliding => nowSecond - period.Seconds < second && second <= nowSecond,
        PeriodKind.Since => period.From <= day,
        PeriodKind.Range => period.From <= day && day <= period.To,
        _ => true,
    };

    /// <summary>The first day of the calendar interval a day lies in; periods of one interval always give the same day.</summary>
    private DateOnly FirstDay(DateOnly day) => period.Kind switch
    {
        PeriodKind.Day => day,
        PeriodKind.Month => new DateOnly(day.Year, day.Month, 1),
        PeriodKind.Quarter => new DateOnly(day.Year, day.Month - ((day.Month - 1) % 3), 1),
        PeriodKind.Year => new DateOnly(day.Year, 1, 1),
        _ => period.From,
    };

    private (string From, string To) Bounds(DateOnly first) => period.Kind switch
    {
        PeriodKind.Day => (Text(first), Text(first)),
        PeriodKind.Month => (Text(first), Text(first.AddMonths(1).AddDays(-1))),
        PeriodKind.Quarter => (Text(first), Text(first.AddMonths(3).AddDays(-1))),
        PeriodKind.Year => (Text(first), Text(first.AddYears(1).AddDays(-1))),
        PeriodKind.Range => (Text(period.From), Text(period.To)),
        PeriodKind.Since => (Text(period.From), Text(LocalTime.DateOf(LocalTime.DayOf(nowMillis)))),
        _ => (InstantText.ToLocalSeconds(nowMillis - (period.Seconds * LocalTime.MillisPerSecond)), InstantText.ToLocalSeconds(nowMillis)),
    };

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd");
}
