namespace KpiStream.Engine.Events;

/// <summary>What a stream's events state, as counted so far. Immutable.</summary>
/// <param name="Sources">The first <see cref="StreamCounter.MostSources"/> sources met and, under an empty name, all others together.</param>
/// <param name="Days">Local days with events by their <c>at</c>, ascending.</param>
public sealed record StreamCounts(IReadOnlyList<SourceKeys> Sources, IReadOnlyList<(int Day, long Events)> Days)
{
    public static readonly StreamCounts Empty = new([], []);

    /// <summary>
    /// The newest local day of which <see cref="SourceKeys.Units"/> may lack events, because an older program made the checkpoint; 0 where they lack none.
    /// </summary>
    public int UnitsSince { get; init; }

    /// <summary>The keys that any source has stated, a bit for each <see cref="CaseKey"/>.</summary>
    public uint Keys => Sources.Aggregate(0U, static (keys, source) => keys | source.Keys);

    /// <summary>Events counted.</summary>
    public long Events => Sources.Sum(static source => source.Events);

    /// <summary>The counts of both.</summary>
    public StreamCounts With(StreamCounts other) => new(
        [.. Sources.Concat(other.Sources).GroupBy(static source => source.Source)
            .Select(static group => group.Aggregate(static (one, more) => one.With(more)))],
        [.. Days.Concat(other.Days).GroupBy(static day => day.Day).Select(static group => (group.Key, group.Sum(static day => day.Events)))
            .OrderBy(static day => day.Key)])
    {
        UnitsSince = Math.Max(UnitsSince, other.UnitsSince),
    };
}

/// <summary>In how many accepted events a source stated each register; the counts of all other keys are 0.</summary>
/// <param name="Source">Its name; empty for several together.</param>
/// <param name="Counts">By <see cref="CaseKey"/>.</param>
public sealed record SourceKeys(string Source, IReadOnlyList<long> Counts)
{
    /// <summary>Its events: each states the source.</summary>
    public long Events => Counts[(int)CaseKey.Source];

    /// <summary>The keys it has stated, a bit for each <see cref="CaseKey"/>.</summary>
    public uint Keys => Counts.Index().Where(static key => key.Item > 0).Aggregate(0U, static (keys, key) => keys | (1U << key.Index));

    /// <summary>The same by day: the newest <see cref="KeyDays.MostDays"/> local days with events by their <c>at</c>, ascending.</summary>
    public IReadOnlyList<DayKeys> Days { get; init; } = [];

    /// <summary>
    /// The newest local day on which it stated each unit, by its code as stated, as receiving or handling; under the empty text that of all units beyond the
    /// first 16,384.
    /// </summary>
    public IReadOnlyDictionary<string, int> Units { get; init; } = new Dictionary<string, int>();

    internal SourceKeys With(SourceKeys other) => new(Source, Sum(Counts, other.Counts)) { Days = With(Days, other.Days), Units = With(Units, other.Units) };

    private static Dictionary<string, int> With(IReadOnlyDictionary<string, int> units, IReadOnlyDictionary<string, int> others)
    {
        var both = new Dictionary<string, int>(units);
        foreach (var (unit, day) in others)
        {
            both[unit] = Math.Max(day, both.GetValueOrDefault(unit));
        }

        return both;
    }

    /// <summary>A day that is among the newest of all is among the newest of each part, so its sum is whole.</summary>
    private static IReadOnlyList<DayKeys> With(IReadOnlyList<DayKeys> days, IReadOnlyList<DayKeys> others) =>
    [
        .. days.Concat(others).GroupBy(static day => day.Day).Select(static day => new DayKeys(day.Key, day.Select(static one => one.Counts).Aggregate(Sum)))
            .OrderBy(static day => day.Day).TakeLast(KeyDays.MostDays),
    ];

    private static IReadOnlyList<long> Sum(IReadOnlyList<long> counts, IReadOnlyList<long> others) => [.. counts.Zip(others, static (one, more) => one + more)];
}

/// <summary>In how many of a source's events of a local day each register was stated.</summary>
/// <param name="Day">Local day number since 1970-01-01.</param>
/// <param name="Counts">By <see cref="CaseKey"/>.</param>
public sealed record DayKeys(int Day, IReadOnlyList<long> Counts)
{
    /// <summary>Events of the day.</summary>
    public long Events => Counts[(int)CaseKey.Source];
}
