namespace KpiStream.Engine.Events;

/// <summary>
/// Counts events by the local day of their <c>at</c>. Bounded by the instants the contract accepts, 2000 to 2100: 292 KB when every day has events.
/// Owned by one shard.
/// </summary>
public sealed class DayCounter
{
    private const int DaysPerPage = 512;

    private static readonly int FirstDay = LocalTime.DayOf(new DateOnly(2000, 1, 1));
    private static readonly int DayEnd = LocalTime.DayOf(new DateOnly(2100, 1, 2));

    private readonly long[]?[] pages = new long[]?[((DayEnd - FirstDay) / DaysPerPage) + 1];

    /// <summary>True for a day in which an instant that the contract accepts can lie.</summary>
    public static bool IsDay(int day) => day >= FirstDay && day < DayEnd;

    /// <summary>Counts events of a day.</summary>
    /// <param name="day">Local day number since 1970-01-01, of an instant that the contract accepts.</param>
    /// <param name="count">How many.</param>
    public void Add(int day, long count = 1)
    {
        var offset = day - FirstDay;
        (pages[offset / DaysPerPage] ??= new long[DaysPerPage])[offset % DaysPerPage] += count;
    }

    /// <summary>Days with events, ascending.</summary>
    public IEnumerable<(int Day, long Events)> Days =>
        pages.SelectMany(static (page, number) => (page ?? []).Select((count, place) => (FirstDay + (number * DaysPerPage) + place, count)))
            .Where(static day => day.Item2 != 0);
}
