namespace KpiStream.Engine.Arrivals;

/// <summary>
/// When events of a source arrived over the last four weeks. Days may be noted in any order: the partitions of a topic are not read in step. Bounded by
/// <see cref="DaysKept"/> days of 1.4 KB. Not for several threads; its owner guards it.
/// </summary>
internal sealed class SourceHistory
{
    public const int DaysKept = 28;

    private readonly SourceDay?[] days = new SourceDay?[DaysKept];
    private ArrivalRates rates = ArrivalRates.Unknown;
    private (int End, bool IsCurrent) known;

    /// <summary>The first day on which anything arrived, of which only a part may have been seen; <see cref="int.MaxValue"/> before the first.</summary>
    public int FirstDay { get; private set; } = int.MaxValue;

    /// <summary>The days kept on which anything arrived.</summary>
    public IEnumerable<SourceDay> Days => days.OfType<SourceDay>();

    /// <summary>Notes that an event arrived; false when another of the same ten seconds has been noted, or the day is not kept.</summary>
    /// <param name="at">Milliseconds since 1970 UTC.</param>
    /// <param name="today">Now's local day: days after it are a wrong clock's and give way.</param>
    public bool Note(long at, int today) => DayOf(at, today) is { } day && day.Note(at - LocalTime.StartOfDay(day.Number));

    /// <summary>Counts events of ten seconds that were noted.</summary>
    public void AddEvents(long at, int count, int today) => DayOf(at, today)?.AddEvents(at - LocalTime.StartOfDay(LocalTime.DayOf(at)), count);

    /// <summary>Continues from what was saved.</summary>
    public void Restore(SavedArrivals saved, int today)
    {
        FirstDay = Math.Min(FirstDay, saved.FirstDay);
        foreach (var cell in saved.Cells.Where(static cell => (uint)cell.HalfHour < SourceDay.HalfHours && cell is { Stretches: >= 0, Events: >= 0 }))
        {
            DayOf(LocalTime.StartOfDay(cell.Day), today)?.Add(cell.HalfHour, cell.Stretches, cell.Events);
        }
    }

    /// <summary>How many stretches of ten seconds had an event on a day.</summary>
    public int StretchesOn(int day)
    {
        var sum = 0;
        foreach (var count in Find(day) is { } found ? found.StretchesByHalfHour : [])
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>What usually arrives, by the complete days before one.</summary>
    /// <param name="end">The day of the last arrival: a silence is judged by what came before it, however long it lasts.</param>
    public ArrivalRates RatesBefore(int end, WorkingCalendar calendar)
    {
        if (known != (end, true))
        {
            rates = ArrivalRates.Of(Find, Math.Max(FirstDay, end - DaysKept) + 1L, end, calendar);
            known = (end, true);
        }

        return rates;
    }

    private SourceDay? Find(int day) => days[Place(day)] is { } found && found.Number == day ? found : null;

    private SourceDay? DayOf(long at, int today)
    {
        var number = LocalTime.DayOf(at);
        FirstDay = Math.Min(FirstDay, number);
        ref var held = ref days[Place(number)];
        if (held is null || (held.Number != number && (held.Number < number || held.Number > today)))
        {
            held = new SourceDay(number);
        }

        known = known with { IsCurrent = known.IsCurrent && number >= known.End };
        return held.Number == number ? held : null;
    }

    private static int Place(int day) => (int)((uint)day % DaysKept);
}
