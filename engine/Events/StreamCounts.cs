namespace KpiStream.Engine.Events;

/// <summary>What a stream's events state, as counted so far. Immutable.</summary>
/// <param name="Sources">The first <see cref="StreamCounter.MostSources"/> sources met and, under an empty name, all others together.</param>
/// <param name="Days">Local days with events by their <c>at</c>, ascending.</param>
public sealed record StreamCounts(IReadOnlyList<SourceKeys> Sources, IReadOnlyList<(int Day, long Events)> Days)
{
    public static readonly StreamCounts Empty = new([], []);

    /// <summary>The keys that any source has stated, a bit for each <see cref="CaseKey"/>.</summary>
    public uint Keys => Sources.Aggregate(0U, static (keys, source) => keys | source.Keys);

    /// <summary>Events counted.</summary>
    public long Events => Sources.Sum(static source => source.Events);

    /// <summary>The counts of both.</summary>
    public StreamCounts With(StreamCounts other) => new(
        [.. Sources.Concat(other.Sources).GroupBy(static source => source.Source)
            .Select(static group => group.Aggregate(static (one, more) => one.With(more)))],
        [.. Days.Concat(other.Days).GroupBy(static day => day.Day).Select(static group => (group.Key, group.Sum(static day => day.Events)))
            .OrderBy(static day => day.Key)]);
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

    internal SourceKeys With(SourceKeys other) => new(Source, [.. Counts.Zip(other.Counts, static (one, more) => one + more)]);
}
