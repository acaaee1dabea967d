using System.Runtime.InteropServices;

namespace KpiStream.Engine.Events;

/// <summary>
/// On which local days the log has records, by their <c>at</c>: what tells a stretch of time that the log covers from one before it began, in which every
/// unit would look silent. A function of the accepted events alone; their order and restarts are no arguments of it.
/// </summary>
public sealed class ObservedDays
{
    /// <summary>A day with this share of the busiest day's records counts as covered; below it are strays, like one old case in a stream of today.</summary>
    public const double LeastShare = 0.02;

    /// <summary>A day with that many records is covered, however busy others are.</summary>
    public const long Enough = 50;

    /// <summary>Working days that a covered stretch may lack, or a tenth of them if that is more.</summary>
    public const int MayLack = 2;

    private readonly Dictionary<int, long> days = [];
    private long? toCover;

    /// <summary>Adds days with their events.</summary>
    public void Add(IEnumerable<(int Day, long Events)> counted)
    {
        toCover = null;
        foreach (var (day, events) in counted)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(days, day, out _) += events;
        }
    }

    /// <summary>The first local day that counts as covered; null when there is none.</summary>
    public int? FirstCovered() => days.Where(day => day.Value >= LeastToCover()).Select(static day => (int?)day.Key).Min();

    /// <summary>The events accepted of a day.</summary>
    public long EventsOn(int day) => days.GetValueOrDefault(day);

    /// <summary>True when a day counts as covered.</summary>
    public bool Covers(int day) => days.GetValueOrDefault(day) >= LeastToCover();

    /// <summary>True when the log has records of nearly all working days of a stretch: at least <see cref="LeastShare"/> of the busiest day's each.</summary>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    /// <param name="calendar">Says which days are worked.</param>
    public bool Cover(DateOnly from, DateOnly to, WorkingCalendar calendar)
    {
        var least = LeastToCover();
        var (worked, lacking, covered) = (0, 0, 0);
        for (var day = LocalTime.DayOf(from); day <= LocalTime.DayOf(to); day++)
        {
            var isCovered = days.GetValueOrDefault(day) >= least;
            covered += isCovered ? 1 : 0;
            if (calendar.IsWorkingDay(day))
            {
                worked++;
                lacking += isCovered ? 0 : 1;
            }
        }

        return covered > 0 && lacking <= Math.Max(MayLack, worked / 10);
    }

    private long LeastToCover() => toCover ??= Math.Clamp((long)Math.Ceiling(days.Values.DefaultIfEmpty().Max() * LeastShare), 1, Enough);
}
