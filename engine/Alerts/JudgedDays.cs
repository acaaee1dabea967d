namespace KpiStream.Engine.Alerts;

/// <summary>
/// The local days by which units are compared with their own past. Immutable; shared by all units of one calendar.
/// <para>
/// A working day from Monday to Friday counts unless a long closure is near: on Saturdays made up for a holiday, or weekdays worked for half a day, nobody
/// knows how many people come; offices empty before Tết and fill slowly after it, and there are too few such days to know how. The
/// guard is a week on both sides of a closure of seven days or more, and one working day beside one of four to six. A closure of the unit's own, however
/// long, has the one working day. Saturday mornings on which a unit is always open count like other days.
/// </para>
/// </summary>
public sealed class JudgedDays
{
    /// <summary>A closure of as many days empties the offices around it for a week.</summary>
    public const int LongClosure = 7;

    /// <summary>A closure of as many days, a long weekend, takes the days beside it with it.</summary>
    public const int ShortClosure = 4;

    private const int GuardDays = 7;

    /// <summary>The longest closure looked for: Tết takes nine days.</summary>
    private const int MostClosed = 20;

    private readonly bool[] judged;
    private readonly int first;

    /// <param name="calendar">The working days.</param>
    /// <param name="first">The first local day looked at.</param>
    /// <param name="last">The last one.</param>
    public JudgedDays(WorkingCalendar calendar, int first, int last)
    {
        (this.first, Calendar) = (first, calendar);
        judged = new bool[Math.Max(0, last - first + 1)];
        for (var day = first; day <= last; day++)
        {
            judged[day - first] = IsOrdinary(day, calendar);
        }
    }

    public WorkingCalendar Calendar { get; }

    public bool Contains(int day) => (uint)(day - first) < (uint)judged.Length && judged[day - first];

    /// <summary>True for a whole working day, no weekend, or a usual Saturday morning, with no long closure near.</summary>
    public static bool IsOrdinary(int day, WorkingCalendar calendar)
    {
        if (!(calendar.HoursOn(day) == DayHours.Whole && WorkingCalendar.WeekdaysOnly.IsWorkingDay(day)) && !calendar.IsUsualSaturday(day))
        {
            return false;
        }

        for (var near = day - GuardDays; near <= day + GuardDays; near++)
        {
            if (ClosureAround(near, calendar.Common) >= LongClosure)
            {
                return false;
            }
        }

        return Math.Max(ClosureAround(day - 1, calendar), ClosureAround(day + 1, calendar)) < ShortClosure;
    }

    /// <summary>
    /// True when a rule about volume may change its mind: offices are open, for nobody is helped at night; no long closure is near; and it is not the
    /// first or second working day of a month, which are unlike others and too few to be known. What is found on those days is said on the third.
    /// </summary>
    public static bool MayDecide(long now, WorkingCalendar calendar)
    {
        var day = LocalTime.DayOf(now);
        return calendar.IsOpen(now) && IsOrdinary(day, calendar) && WorkingDaysOfMonthBefore(day, calendar) >= 2;
    }

    private static int WorkingDaysOfMonthBefore(int day, WorkingCalendar calendar) =>
        Enumerable.Range(day - LocalTime.DateOf(day).Day + 1, LocalTime.DateOf(day).Day - 1).Count(calendar.IsWorkingDay);

    /// <summary>How many days on end nobody works around a day; 0 for a working day.</summary>
    private static int ClosureAround(int day, WorkingCalendar calendar)
    {
        if (calendar.IsWorkingDay(day))
        {
            return 0;
        }

        var (from, to) = (day, day);
        while (from > day - MostClosed && !calendar.IsWorkingDay(from - 1))
        {
            from--;
        }

        while (to < day + MostClosed && !calendar.IsWorkingDay(to + 1))
        {
            to++;
        }

        return to - from + 1;
    }
}
