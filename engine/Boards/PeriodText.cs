using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>Periods and dates in words, Vietnamese.</summary>
public static class PeriodText
{
    /// <summary>A period as a board's title says it.</summary>
    public static string Of(Period period, DateOnly today) => period.Kind switch
    {
        PeriodKind.Day => $"Ngày {Short(today)}",
        PeriodKind.Month => $"Tháng {today.Month}/{today.Year}",
        PeriodKind.Quarter => $"Quý {((today.Month - 1) / 3) + 1}/{today.Year}",
        PeriodKind.Year => $"Năm {today.Year}",
        PeriodKind.Since => $"Từ {Short(period.From)} đến nay",
        PeriodKind.Range => $"{Short(period.From)} – {Short(period.To)}",
        PeriodKind.Sliding when period.Seconds % 86_400 == 0 => $"{period.Seconds / 86_400} ngày qua",
        PeriodKind.Sliding => $"{period.Seconds / 3_600} giờ qua",
        _ => "Hiện tại",
    };

    /// <summary>The day whose target holds for a period: its last day, or today if that is earlier.</summary>
    public static DateOnly LastDay(Period period, DateOnly today) => LastDay(period, today, today);

    /// <summary>The same for the stretch of a calendar period that contains a day.</summary>
    /// <param name="day">A day in the stretch meant.</param>
    /// <param name="today">The local date of now.</param>
    public static DateOnly LastDay(Period period, DateOnly day, DateOnly today)
    {
        var last = period.Kind == PeriodKind.Range ? period.To : CalendarPeriods.Containing(period, day, today)?.To ?? today;
        return last < today ? last : today;
    }

    /// <summary>A date as Vietnamese readers write it.</summary>
    public static string Short(DateOnly date) => date.ToString("dd/MM/yyyy");

    /// <summary>A date as programs write it.</summary>
    public static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd");
}
