namespace KpiStream.Engine.Time;

/// <summary>
/// Viet Nam's public holidays on which offices are closed, and the Saturdays worked instead, as data: Labour Code 2019 article 112
/// and the government's yearly announcements. 2027 had not been announced in full when this was written: its Tết and National Day
/// follow the usual pattern. Only days that would otherwise be worked matter, weekends are closed anyway.
/// </summary>
public static class VietnamHolidays
{
    /// <summary>The last year the list covers; later years know only weekends.</summary>
    public const int LastYear = 2027;

    /// <summary>Closed days, 2025 to <see cref="LastYear"/>.</summary>
    public static IReadOnlyList<DateOnly> Closed { get; } =
    [
        .. Days(2025, 1, 1, 1), // New Year
        .. Days(2025, 1, 25, 9), // Tết Ất Tỵ
        .. Days(2025, 4, 7, 1), // Hùng Kings
        .. Days(2025, 4, 30, 4), // Reunification and Labour Day, 2 May exchanged
        .. Days(2025, 8, 30, 4), // National Day
        .. Days(2026, 1, 1, 4), // New Year, 2 January exchanged
        .. Days(2026, 2, 14, 9), // Tết Bính Ngọ
        .. Days(2026, 4, 25, 3), // Hùng Kings, a Sunday: the Monday is free
        .. Days(2026, 4, 30, 4), // Reunification and Labour Day
        .. Days(2026, 8, 29, 5), // National Day, 31 August exchanged
        .. Days(2027, 1, 1, 3), // New Year
        .. Days(2027, 2, 5, 7), // Tết Đinh Mùi
        .. Days(2027, 4, 16, 3), // Hùng Kings
        .. Days(2027, 4, 30, 4), // Reunification and Labour Day, a Saturday: the Monday is free
        .. Days(2027, 9, 2, 2), // National Day
    ];

    /// <summary>Saturdays worked in exchange for a day off.</summary>
    public static IReadOnlyList<DateOnly> WorkedSaturdays { get; } = [new(2025, 4, 26), new(2026, 1, 10), new(2026, 8, 22)];

    private static IEnumerable<DateOnly> Days(int year, int month, int day, int count) =>
        Enumerable.Range(0, count).Select(offset => new DateOnly(year, month, day).AddDays(offset));
}
