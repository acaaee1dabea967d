namespace KpiStream.Engine.Time;

/// <summary>
/// The hours in which events are expected of a source of which nothing else is known yet, on working days or on all. Immutable; local time, see
/// <see cref="LocalTime"/>.
/// </summary>
/// <param name="From">When they begin, milliseconds of the day.</param>
/// <param name="To">When they end, likewise; after <paramref name="From"/>, at most the end of the day.</param>
/// <param name="EveryDay">False for working days only.</param>
public sealed record OfficeHours(long From, long To, bool EveryDay)
{
    private const string Days = " every day";
    private const long Minute = 60_000;

    /// <summary>7:00 to 17:30 on working days.</summary>
    public static OfficeHours Default { get; } = new(7 * 60 * Minute, ((17 * 60) + 30) * Minute, EveryDay: false);

    /// <summary>At any time.</summary>
    public static OfficeHours Always { get; } = new(0, LocalTime.MillisPerDay, EveryDay: true);

    /// <summary>Reads <c>07:00-17:30</c>, or <c>00:00-24:00 every day</c>; null for anything else.</summary>
    public static OfficeHours? TryParse(string text)
    {
        var everyDay = text.EndsWith(Days);
        var hours = (everyDay ? text[..^Days.Length] : text).Split('-');
        return hours.Length == 2 && MillisOf(hours[0]) is { } from && MillisOf(hours[1]) is { } to && from < to ? new OfficeHours(from, to, everyDay) : null;
    }

    /// <summary>True at an instant within them, their end excluded.</summary>
    public bool Contain(long instant, WorkingCalendar calendar) => Within(instant, instant + 1, calendar) > 0;

    /// <summary>How many milliseconds of a stretch lie within them. Costs a step for each day of it.</summary>
    public long Within(long from, long to, WorkingCalendar calendar)
    {
        var sum = 0L;
        for (var day = LocalTime.DayOf(from); from < to && day <= LocalTime.DayOf(to); day++)
        {
            var start = LocalTime.StartOfDay(day);
            sum += EveryDay || calendar.IsWorkingDay(day) ? Math.Max(0, Math.Min(to, start + To) - Math.Max(from, start + From)) : 0;
        }

        return sum;
    }

    /// <summary>As it is written in the settings.</summary>
    public override string ToString() => $"{TextOf(From)}-{TextOf(To)}{(EveryDay ? Days : "")}";

    private static string TextOf(long millis) => $"{millis / (60 * Minute):00}:{millis / Minute % 60:00}";

    private static long? MillisOf(string text) =>
        text is [>= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']
        && ((((text[0] - '0') * 10) + text[1] - '0') * 60) + ((text[3] - '0') * 10) + text[4] - '0' is <= 24 * 60 and var minutes ? minutes * Minute : null;
}
