namespace KpiStream.Engine.Windowing;

/// <summary>The lengths of the points of a series.</summary>
public enum CalendarStep
{
    Day,

    /// <summary>Monday to Sunday.</summary>
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>Stretches of local days one after another, without a gap.</summary>
public static class CalendarSteps
{
    /// <summary>The stretches up to the one that contains a day, oldest first; both of a stretch's days are included.</summary>
    /// <param name="last">A local date in the newest stretch.</param>
    /// <param name="count">At least 1.</param>
    public static IReadOnlyList<(DateOnly From, DateOnly To)> Back(CalendarStep step, DateOnly last, int count)
    {
        var stretches = new (DateOnly From, DateOnly To)[count];
        for (var at = count - 1; at >= 0; at--)
        {
            stretches[at] = Containing(step, last);
            last = stretches[at].From.AddDays(-1);
        }

        return stretches;
    }

    private static (DateOnly From, DateOnly To) Containing(CalendarStep step, DateOnly day)
    {
        if (step == CalendarStep.Week)
        {
            var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
            return (monday, monday.AddDays(6));
        }

        var kind = step switch
        {
            CalendarStep.Day => PeriodKind.Day,
            CalendarStep.Month => PeriodKind.Month,
            CalendarStep.Quarter => PeriodKind.Quarter,
            _ => PeriodKind.Year,
        };
        return CalendarPeriods.Containing(new Period("", kind), day, day)!.Value;
    }
}
