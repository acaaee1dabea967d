namespace KpiStream.Engine.Boards;

/// <summary>How a unit's latest cases compare with what is usual for it.</summary>
public enum PaceState
{
    /// <summary>None at all, though some were to be expected.</summary>
    Silent,

    /// <summary>Fewer than half of what is usual.</summary>
    Slow,

    /// <summary>Too few are usual, or too little is known of what is, to compare.</summary>
    Few,

    Usual,
}

/// <summary>
/// The days by which a unit is compared with itself: the last <see cref="RecentDays"/> working days before today, and the working days before those of which
/// the log has records, at most <see cref="MostBaseDays"/>. What comes in on days between them is counted with them. Pure.
/// </summary>
/// <param name="RecentFrom">The first of the recent days, a local day.</param>
/// <param name="RecentTo">Yesterday.</param>
/// <param name="BaseFrom">The first day of the base.</param>
/// <param name="BaseDays">Its working days; 0 when nothing is known of the time before.</param>
public readonly record struct PaceDays(int RecentFrom, int RecentTo, int BaseFrom, int BaseDays)
{
    public const int RecentDays = 5;
    public const int MostBaseDays = 40;

    /// <summary>Two weeks: fewer working days say too little of what is usual.</summary>
    public const int LeastBaseDays = 10;

    /// <summary>So many expected cases, of which none comes, happen by chance once in a thousand times where cases come independently of one another.</summary>
    public const int LeastExpected = 7;

    /// <summary>The day after the base.</summary>
    public int BaseEnd => RecentFrom;

    /// <param name="today">A local day, which is not over and so is not compared.</param>
    /// <param name="firstObserved">The first local day of which the log has records; null for none.</param>
    public static PaceDays Before(int today, WorkingCalendar calendar, int? firstObserved)
    {
        var from = Back(today, RecentDays, calendar);
        var baseFrom = Math.Max(Back(from, MostBaseDays, calendar), firstObserved ?? from);
        return new PaceDays(from, today - 1, Math.Min(baseFrom, from), Enumerable.Range(baseFrom, Math.Max(0, from - baseFrom)).Count(calendar.IsWorkingDay));
    }

    /// <summary>What is usual for a unit in as many working days; null when too little is known of it.</summary>
    /// <param name="baseCases">Its cases in the base.</param>
    public double? Expected(long baseCases) => BaseDays < LeastBaseDays ? null : (double)baseCases / BaseDays * RecentDays;

    /// <param name="recent">Cases of the recent days.</param>
    public static PaceState StateOf(long recent, double? expected) => expected is not { } usual || usual < LeastExpected ? PaceState.Few
        : recent == 0 ? PaceState.Silent
        : recent < usual / 2 ? PaceState.Slow
        : PaceState.Usual;

    private static int Back(int day, int workingDays, WorkingCalendar calendar)
    {
        while (workingDays > 0)
        {
            workingDays -= calendar.IsWorkingDay(--day) ? 1 : 0;
        }

        return day;
    }
}
