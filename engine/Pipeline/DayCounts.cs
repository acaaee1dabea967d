namespace KpiStream.Engine.Pipeline;

/// <summary>
/// What was rejected and what was late, by the local day on which it came in. A few days are kept, those nearest to now: a clock that is set wrong and put
/// right again takes nothing from the day. Any thread.
/// </summary>
public sealed class DayCounts
{
    private const int Kept = 4;

    private readonly Lock gate = new();
    private readonly List<Day> days = new(Kept);

    /// <summary>The counts of a day; none of one that is not kept.</summary>
    public DayCount On(int day)
    {
        lock (gate)
        {
            return days.Find(known => known.Number == day)?.Copy() ?? new DayCount(day, [], 0);
        }
    }

    /// <summary>The days kept.</summary>
    public IReadOnlyList<DayCount> Save()
    {
        lock (gate)
        {
            return [.. days.Select(static day => day.Copy())];
        }
    }

    /// <summary>Counts a rejected record.</summary>
    /// <param name="day">When it came in, a local day number.</param>
    /// <param name="today">Now's day.</param>
    internal void Reject(Verdict verdict, int day, int today)
    {
        lock (gate)
        {
            if (DayOf(day, today) is { } found)
            {
                found.Rejected[verdict] = found.Rejected.GetValueOrDefault(verdict) + 1;
            }
        }
    }

    /// <summary>Counts a late event.</summary>
    /// <inheritdoc cref="Reject"/>
    internal void AddLate(int day, int today)
    {
        lock (gate)
        {
            if (DayOf(day, today) is { } found)
            {
                found.Late++;
            }
        }
    }

    /// <summary>Continues from counts that were saved; of two counts of the same the greater one holds.</summary>
    internal void Restore(IReadOnlyList<DayCount> saved, int today)
    {
        lock (gate)
        {
            foreach (var one in saved)
            {
                DayOf(one.Day, today)?.Reach(one);
            }
        }
    }

    private Day? DayOf(int number, int today)
    {
        Day? furthest = null;
        foreach (var day in days)
        {
            if (day.Number == number)
            {
                return day;
            }

            furthest = furthest is null || Distance(day.Number, today) > Distance(furthest.Number, today) ? day : furthest;
        }

        if (days.Count == Kept)
        {
            if (Distance(number, today) >= Distance(furthest!.Number, today))
            {
                return null;
            }

            days.Remove(furthest);
        }

        days.Add(new Day(number));
        return days[^1];
    }

    private static long Distance(int day, int today) => Math.Abs((long)day - today);

    private sealed class Day(int number)
    {
        public int Number => number;

        public Dictionary<Verdict, long> Rejected { get; } = [];

        public long Late { get; set; }

        public void Reach(DayCount saved)
        {
            Late = Math.Max(Late, saved.Late);
            foreach (var (verdict, count) in saved.Rejected)
            {
                Rejected[verdict] = Math.Max(Rejected.GetValueOrDefault(verdict), count);
            }
        }

        public DayCount Copy() => new(number, [.. Rejected.OrderBy(static row => row.Key).Select(static row => (row.Key, row.Value))], Late);
    }
}

/// <summary>What came in on a local day and was rejected or late.</summary>
/// <param name="Day">The local day's number since 1970-01-01.</param>
/// <param name="Rejected">Rejected records by reason, in the order of precedence.</param>
/// <param name="Late">Accepted events that were late.</param>
public sealed record DayCount(int Day, IReadOnlyList<(Verdict Verdict, long Count)> Rejected, long Late)
{
    /// <summary>Both together.</summary>
    public DayCount Plus(DayCount other) => this with
    {
        Rejected = [.. Rejected.Concat(other.Rejected).GroupBy(static row => row.Verdict).OrderBy(static row => row.Key)
            .Select(static row => (row.Key, row.Sum(static one => one.Count)))],
        Late = Late + other.Late,
    };
}
