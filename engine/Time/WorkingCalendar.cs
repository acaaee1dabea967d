namespace KpiStream.Engine.Time;

/// <summary>
/// Office time: 7:00 to 11:30 and 13:30 to 17:00 local on working days, eight hours a day (the arithmetic of promised dates), and the mornings alone on days
/// that end at noon. Instants are milliseconds since 1970 UTC, days are local days as in <see cref="LocalTime"/>. Immutable.
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

    // By day from the first listed one; days outside follow their weekday and the Saturday mornings.
    private readonly DayHours[] listed;
    private readonly int firstDay;
    private readonly Dictionary<int, CalendarDay> rows = [];
    private readonly IReadOnlyList<SaturdayMornings> saturdays;

    /// <param name="days">The days that differ from their weekday; a day listed as both is worked.</param>
    public WorkingCalendar(IEnumerable<CalendarDay> days)
        : this([.. days], [], null)
    {
    }

    private WorkingCalendar(List<CalendarDay> days, IReadOnlyList<SaturdayMornings> saturdays, WorkingCalendar? common)
    {
        (Days, this.saturdays, Common) = (days, saturdays, common ?? this);
        firstDay = Days.Count == 0 ? 0 : Days.Min(day => LocalTime.DayOf(day.Date));
        listed = new DayHours[Days.Count == 0 ? 0 : Days.Max(day => LocalTime.DayOf(day.Date)) - firstDay + 1];
        for (var offset = 0; offset < listed.Length; offset++)
        {
            listed[offset] = UnlistedHours(firstDay + offset);
        }

        foreach (var row in Days.OrderBy(static day => day.IsWorked))
        {
            var day = LocalTime.DayOf(row.Date);
            (listed[day - firstDay], rows[day]) = (row.Hours, row);
        }
    }

    /// <summary>Mondays to Fridays, and no holidays.</summary>
    public static WorkingCalendar WeekdaysOnly { get; } = new([]);

    /// <summary>The days that differ from their weekday, as given.</summary>
    public IReadOnlyList<CalendarDay> Days { get; }

    /// <summary>The calendar that a unit's own one adds to; itself for any other.</summary>
    public WorkingCalendar Common { get; }

    /// <summary>What tells one edition from another: the files it was read from with the first digits of their SHA-256; may be empty.</summary>
    public string Version { get; init; } = "";

    /// <summary>
    /// The calendar of a unit. Its own days replace those of the same date here, and those replace its Saturday mornings: a Saturday that is a holiday, or made
    /// up for one, stays what it is.
    /// </summary>
    /// <param name="own">Days that are closed or worked in this unit alone; of one date the last counts.</param>
    /// <param name="mornings">Saturdays on which it is open until noon.</param>
    /// <param name="version">See <see cref="Version"/>.</param>
    public WorkingCalendar With(IEnumerable<CalendarDay> own, IReadOnlyList<SaturdayMornings> mornings, string version)
    {
        var days = Days.OrderBy(static day => day.IsWorked).GroupBy(static day => day.Date).ToDictionary(static day => day.Key, static day => day.Last());
        foreach (var day in own)
        {
            days[day.Date] = day;
        }

        return new WorkingCalendar([.. days.Values.OrderBy(static day => day.Date)], mornings, this) { Version = version };
    }

    /// <summary>How long offices are open on a day.</summary>
    public DayHours HoursOn(int day)
    {
        var offset = day - firstDay;
        return (uint)offset < (uint)listed.Length ? listed[offset] : UnlistedHours(day);
    }

    /// <summary>True for a day that is worked, be it until noon.</summary>
    public bool IsWorkingDay(int day) => HoursOn(day) != DayHours.Closed;

    /// <summary>True for a Saturday that is worked until noon as a rule, and not by itself.</summary>
    public bool IsUsualSaturday(int day) => MorningsOn(day) is not null && !rows.ContainsKey(day);

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

    /// <summary>What is known of a day only by expectation, where that makes it another day than its weekday; null for any other.</summary>
    public CalendarDay? ExpectedOn(int day) => rows.TryGetValue(day, out var row) ? row.IsExpected && row.Hours != UnlistedHours(day) ? row : null
        : MorningsOn(day) is { IsExpected: true } mornings
            ? new CalendarDay(LocalTime.DateOf(day), true) { IsMorning = true, IsExpected = true, Name = mornings.Reason }
        : null;

    /// <summary>The same of all days from one to another, both included.</summary>
    public IReadOnlyList<CalendarDay> ExpectedWithin(int from, int to) =>
        [.. Enumerable.Range(from, Math.Max(0, to - from + 1)).Select(ExpectedOn).OfType<CalendarDay>()];

    /// <summary>The instant at which offices close on a whole working day.</summary>
    public static long ClosingTime(int day) => LocalTime.StartOfDay(day) + AfternoonEnd;

    /// <summary>True inside office time; the closing instants themselves are outside.</summary>
    public bool IsOpen(long instant) => NextOpen(instant) == instant;

    /// <summary>The instant itself when offices are open then, otherwise the next at which they open.</summary>
    public long NextOpen(long instant)
    {
        var day = LocalTime.DayOf(instant);
        var clock = instant - LocalTime.StartOfDay(day);
        var hours = HoursOn(day);
        return hours == DayHours.Closed || clock >= (hours == DayHours.Whole ? AfternoonEnd : MorningEnd)
                ? LocalTime.StartOfDay(FirstWorkingDayFrom(day + 1)) + MorningStart
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
            var (hours, start) = (HoursOn(day), LocalTime.StartOfDay(day));
            sum += hours >= DayHours.Morning ? Math.Max(0, Math.Min(to, start + MorningEnd) - Math.Max(from, start + MorningStart)) : 0;
            sum += hours == DayHours.Whole ? Math.Max(0, Math.Min(to, start + AfternoonEnd) - Math.Max(from, start + AfternoonStart)) : 0;
        }

        return sum;
    }

    private static long EndOfSession(long open)
    {
        var start = LocalTime.StartOfDay(LocalTime.DayOf(open));
        return start + (open - start < MorningEnd ? MorningEnd : AfternoonEnd);
    }

    private static int WeekdayOf(int day) => (int)(day - (LocalTime.FloorDiv(day, DaysPerWeek) * DaysPerWeek));

    private DayHours UnlistedHours(int day) =>
        WeekdayOf(day) is not (Saturday or Sunday) ? DayHours.Whole : MorningsOn(day) is not null ? DayHours.Morning : DayHours.Closed;

    private SaturdayMornings? MorningsOn(int day)
    {
        if (saturdays.Count == 0 || WeekdayOf(day) != Saturday)
        {
            return null;
        }

        var date = LocalTime.DateOf(day);
        foreach (var stretch in saturdays)
        {
            if (stretch.Contain(date))
            {
                return stretch;
            }
        }

        return null;
    }

    private int FirstWorkingDayFrom(int day)
    {
        while (!IsWorkingDay(day))
        {
            day++;
        }

        return day;
    }
}
