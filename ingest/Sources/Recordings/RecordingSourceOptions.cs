namespace KpiStream.Ingest.Sources.Recordings;

public sealed record RecordingSourceOptions
{
    /// <summary>False: to the present end. True: the last recording is read for ever as it grows.</summary>
    public bool Follow { get; init; }

    /// <summary>The next offset to read by partition, as a checkpoint knows it. A partition not named here is read from its start.</summary>
    public IReadOnlyDictionary<int, long> StartPositions { get; init; } = new Dictionary<int, long>();

    /// <summary>Only records that arrived within this range, both ends included; records of unknown arrival are then left out.</summary>
    public ArrivalRange? Arrivals { get; init; }

    /// <summary>Recordings that should be among those read and are not there, one sentence each: the reading is then as incomplete as a damaged one.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>This many partitions are told apart in reports of lag; a recording of a topic has fewer.</summary>
    internal const int MostPartitions = 100_000;

    /// <summary>How often a growing recording is looked at when it has been read to its end.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Told one sentence of every damaged place (the first of them) and of an end cut off, on the source's own thread.</summary>
    public Action<string> Report { get; init; } = static _ => { };

    /// <summary>Measures <see cref="PollInterval"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where a log is followed: on a thread of the pool, unless a simulation decides.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;
}
