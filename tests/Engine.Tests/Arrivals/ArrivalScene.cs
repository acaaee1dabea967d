using KpiStream.Engine.Arrivals;

namespace KpiStream.Engine.Tests.Arrivals;

/// <summary>Sources that send as they are told, and a clock that follows. Days are of November and December 2026; the 2nd of November is a Monday.</summary>
internal sealed class ArrivalScene
{
    public static readonly WorkingCalendar Calendar = new([new CalendarDay(new DateOnly(2026, 12, 2), false)]); // a Wednesday that is no working day

    private readonly CodeTable names = new();

    public ArrivalScene() => Arrivals = new SourceArrivals(names, () => Now);

    public long Now { get; set; } = At(11, 2);

    public SourceArrivals Arrivals { get; private set; }

    public static SilencePolicy Policy { get; } = new(TimeSpan.FromSeconds(60), OfficeHours.Default, Calendar);

    /// <summary>A local instant of 2026.</summary>
    public static long At(int month, int day, int hour = 0, int minute = 0, int second = 0) =>
        LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2026, month, day))) + (((((hour * 60) + minute) * 60) + second) * 1_000L);

    /// <summary>Events that arrive now, evenly, the first at once and none at the end.</summary>
    public ArrivalScene Send(string source, long from, long to, int events)
    {
        for (var i = 0; i < events; i++)
        {
            Arrive(source, from + ((to - from) * i / events));
        }

        return this;
    }

    /// <summary>An event that arrives now, after a pause in which nothing else came.</summary>
    public void Arrive(string source, long at)
    {
        Now = at;
        Arrivals.Rest();
        Arrivals.Add(names.Intern(source), DecodeLimits.UnknownArrival, isPast: false);
    }

    /// <summary>An event that arrived at some time, in the order in which the log is read.</summary>
    public void Read(string source, long arrival) => Arrivals.Add(names.Intern(source), arrival, isPast: true);

    /// <summary>Working days from 7:00 to 11:30 and from 13:30 to 17:00, with a number of events an hour, up to a day of November or December.</summary>
    public ArrivalScene Work(string source, int perHour, int month, int lastDay)
    {
        for (var day = LocalTime.DayOf(new DateOnly(2026, 11, 2)); day <= LocalTime.DayOf(new DateOnly(2026, month, lastDay)); day++)
        {
            if (Calendar.IsWorkingDay(day))
            {
                var midnight = LocalTime.StartOfDay(day);
                Send(source, midnight + (7 * Hour), midnight + (23 * Hour / 2), perHour * 9 / 2);
                Send(source, midnight + (27 * Hour / 2), midnight + (17 * Hour), perHour * 7 / 2);
            }
        }

        return this;
    }

    /// <summary>The program stops and starts again at once.</summary>
    public void Restart()
    {
        var saved = Arrivals.Save();
        Arrivals = new SourceArrivals(names, () => Now);
        Arrivals.Restore(saved);
    }

    public SourceArrival Of(string source, long now) => Arrivals.Read(LocalTime.DayOf(now), Calendar).Sources.Single(one => one.Source == source);

    /// <summary>What is said of a source at a moment.</summary>
    public SourceState StateOf(string source, long now) => StateOf(Of(source, now), now);

    public SourceState StateOfAll(long now) => StateOf(Arrivals.Read(LocalTime.DayOf(now), Calendar).Whole, now);

    private const long Hour = 3_600_000;

    private static SourceState StateOf(SourceArrival source, long now) => Policy.Judge(in source, TimeSpan.FromMilliseconds(now - source.LastAt), now);
}
