namespace KpiStream.Engine.Windowing;

/// <summary>Which stretch of local days a day belongs to. All bounds are included.</summary>
public static class CalendarPeriods
{
    /// <summary>The stretch of a calendar period that contains a day; null when the day is outside it, or the period slides.</summary>
    /// <param name="day">A local date.</param>
    /// <param name="today">The local date of now, the end of <see cref="PeriodKind.Since"/>.</param>
    public static (DateOnly From, DateOnly To)? Containing(Period period, DateOnly day, DateOnly today)
    {
        switch (period.Kind)
        {
            case PeriodKind.Day:
                return (day, day);
            case PeriodKind.Month:
                return Months(new DateOnly(day.Year, day.Month, 1), 1);
            case PeriodKind.Quarter:
                return Months(new DateOnly(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1), 3);
            case PeriodKind.Year:
                return Months(new DateOnly(day.Year, 1, 1), 12);
            case PeriodKind.Since:
                return day >= period.From && day <= today ? (period.From, today) : null;
            case PeriodKind.Range:
                return day >= period.From && day <= period.To ? (period.From, period.To) : null;
            default:
                return null;
        }
    }

    // The first day after the stretch is never formed: behind the last month of the year 9999 there is none.
    private static (DateOnly From, DateOnly To) Months(DateOnly from, int count)
    {
        var last = from.AddMonths(count - 1);
        return (from, new DateOnly(last.Year, last.Month, DateTime.DaysInMonth(last.Year, last.Month)));
    }
}
