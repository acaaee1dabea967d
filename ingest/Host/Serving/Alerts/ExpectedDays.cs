namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Says days of a calendar that are only expected: those that follow each other with one name are said together.</summary>
public static class ExpectedDays
{
    /// <summary>Stretches that are said.</summary>
    private const int Most = 3;

    /// <summary>Days apart that still belong together: a weekend lies between.</summary>
    private const int MostApart = 3;

    /// <summary>Like <c>ngày 05/02/2027 đến ngày 11/02/2027 dự kiến là ngày nghỉ (Tết Đinh Mùi)</c>.</summary>
    public static string InVietnamese(IReadOnlyList<CalendarDay> days) => Join(days, static (first, last) =>
        $"ngày {VietnameseText.Day(first.Date)}{(first.Date == last.Date ? "" : $" đến ngày {VietnameseText.Day(last.Date)}")} dự kiến là "
            + first.Hours switch { DayHours.Closed => "ngày nghỉ", DayHours.Morning => "ngày làm việc buổi sáng", _ => "ngày làm việc" }
            + Named(first));

    /// <summary>Like <c>5 Feb 2027 to 11 Feb 2027 is only expected to be closed (Tết Đinh Mùi)</c>.</summary>
    public static string InEnglish(IReadOnlyList<CalendarDay> days) => Join(days, static (first, last) =>
        $"{Day(first.Date)}{(first.Date == last.Date ? "" : $" to {Day(last.Date)}")} is only expected to be "
            + first.Hours switch { DayHours.Closed => "closed", DayHours.Morning => "worked until noon", _ => "worked" } + Named(first));

    private static string Join(IReadOnlyList<CalendarDay> days, Func<CalendarDay, CalendarDay, string> say)
    {
        var stretches = new List<(CalendarDay First, CalendarDay Last)>();
        foreach (var day in days)
        {
            if (stretches is [.., var (first, last)] && (first.Name, first.Hours) == (day.Name, day.Hours)
                && day.Date.DayNumber - last.Date.DayNumber <= (day.Hours == DayHours.Morning ? 7 : MostApart))
            {
                stretches[^1] = (first, day);
            }
            else
            {
                stretches.Add((day, day));
            }
        }

        return string.Join("; ", stretches.Take(Most).Select(one => say(one.First, one.Last))) + (stretches.Count > Most ? "; …" : "");
    }

    private static string Named(CalendarDay day) => day.Name is { Length: > 0 } ? $" ({day.Name})" : "";

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
