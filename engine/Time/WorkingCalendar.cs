namespace KpiStream.Engine.Time;

/// <summary>A row of a working calendar: a day that is closed although it is no weekend, or worked although it is one.</summary>
public readonly record struct CalendarDay(DateOnly Date, bool IsWorked);

/// <summary>
/// Office time: 7:00 to 11:30 and 13:30 to 17:00 local on working days, eight hours a day (the arithmetic of promised dates).
/// Instants are milliseconds since 1970 UTC, days are local days as in <see cref="LocalTime"/>. Immutable.
/// </summary>
public sealed class WorkingCalendar
{
    /// <summary>Eight hours: what one working day adds.</summary>
    public const long MillisPerWorkingDay = (MorningEnd - MorningStart) + (AfternoonEnd - AfternoonStart);

    private const long Hour = 3_600_000;
    private const long MorningStart = 7 * Hour;
    private const long MorningEnd = (11 * Hour) + (Hour / 2);
    private const long AfternoonStart = (13 * Hour) + (Hour / 2);
    private const long AfternoonEnd = 17 * Hour;
    private const int DaysPerWeek = 7;
    private const int Saturday = 2, Sunday = 3; // day 0, 1 January 1970, was a Thursday

    // By day from the first listed one; days outside follow their weekday.
    private readonly bool[] working;
    private readonly int firstDay;

    /// <param name="days">The days that differ from their weekday; a day listed as both is worked.</param>
    public WorkingCalendar(IEnumerable<CalendarDay> days)
    {
        Days = [.. days];
        firstDay = Days.Count == 0 ? 0 : Days.Min(day => LocalTime.DayOf(day.Date));
        working = new bool[Days.Count == 0 ? 0 : Days.Max(day => LocalTime.DayOf(day.Date)) - firstDay + 1];
        for (var offset = 0; offset < working.Length; offset++)
        {
            working[offset] = !IsWeekend(firstDay + offset);
        }

        foreach (var (date, isWorked) in Days.OrderBy(day => day.IsWorked))
        {
            working[LocalTime.DayOf(date) - firstDay] = isWorked;
        }
    }

    /// <summary>Mondays to Fridays, and no holidays.</summary>
    public static WorkingCalendar WeekdaysOnly { get; } = new([]);

    /// <summary>The days that differ from their weekday, as given.</summary>
    public IReadOnlyList<CalendarDay> Days { get; }

    public bool IsWorkingDay(int day)
    {
        var offset = day - firstDay;
        return (uint)offset < (uint)working.Length ? working[offset] : !IsWeekend(day);
    }

    public int NextWorkingDay(int day) => FirstWorkingDayFrom(day + 1);

    /// <summary>The working day that lies <paramref name="count"/> working days after a day; with 0 the day itself, or the next working one.</summary>
    public int AddWorkingDays(int day, int count)
    {
        day = FirstWorkingDayFrom(day);
        for (; count > 0; count--)
        {
            day = FirstWorkingDayFrom(day + 1);
        }

        return day;
    }

    /// <summary>The instant at which offices close on a local day.</summary>
    public static long ClosingTime(int day) => LocalTime.StartOfDay(day) + AfternoonEnd;

    /// <summary>True inside office time; the closing instants themselves are outside.</summary>
    public bool IsOpen(long instant) => NextOpen(instant) == instant;

    /// <summary>The instant itself when offices are open then, otherwise the next at which they open.</summary>
    public long NextOpen(long instant)
    {
        var day = LocalTime.DayOf(instant);
        var clock = instant - LocalTime.StartOfDay(day);
        return !IsWorkingDay(day) || clock >= AfternoonEnd ? LocalTime.StartOfDay(FirstWorkingDayFrom(day + 1)) + MorningStart
            : clock < MorningStart ? instant - clock + MorningStart
            : clock is >= MorningEnd and < AfternoonStart ? instant - clock + AfternoonStart
            : instant;
    }

    /// <summary>The instant after so much office time. It lies in office time, or at its very end when it is used up exactly.</summary>
    /// <param name="instant">Where to begin; outside office time it is the next opening.</param>
    /// <param name="millis">Office time to pass, 0 or more.</param>
    public long AddWorkingTime(long instant, long millis)
    {
        instant = NextOpen(instant);
        for (var left = EndOfSession(instant) - instant; millis > left; left = EndOfSession(instant) - instant)
        {
            millis -= left;
            instant = NextOpen(instant + left);
        }

        return instant + millis;
    }

    /// <summary>The office time within a stretch, milliseconds. Costs a step for each day of it.</summary>
    public long WorkingMillis(long from, long to)
    {
        var sum = 0L;
        for (var day = LocalTime.DayOf(from); day <= LocalTime.DayOf(to); day++)
        {
            if (IsWorkingDay(day))
            {
                var start = LocalTime.StartOfDay(day);
                sum += Math.Max(0, Math.Min(to, start + MorningEnd) - Math.Max(from, start + MorningStart))
                    + Math.Max(0, Math.Min(to, start + AfternoonEnd) - Math.Max(from, start + AfternoonStart));
            }
        }

        return sum;
    }

    private static long EndOfSession(long open)
    {
        var start = LocalTime.StartOfDay(LocalTime.DayOf(open));
        return start + (open - start < MorningEnd ? MorningEnd : AfternoonEnd);
    }

    private static bool IsWeekend(int day) => (int)(day - (LocalTime.FloorDiv(day, DaysPerWeek) * DaysPerWeek)) is Saturday or Sunday;

    private int FirstWorkingDayFrom(int day)
    {
        while (!IsWorkingDay(day))
        {
            day++;
        }

        return day;
    }
}
