using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Kafka;

/// <summary>How a topic is to be read.</summary>
/// <param name="Connection">Which topic, and how to get in.</param>
public sealed record KafkaSourceOptions(KafkaConnection Connection)
{
    /// <summary>False: from the start to the end offsets found at the beginning. True: for ever, partitions added later included.</summary>
    public bool Follow { get; init; }

    /// <summary>The next offset to read by partition, as a checkpoint knows it. A partition not named here is read from its start.</summary>
    public IReadOnlyDictionary<int, long> StartPositions { get; init; } = new Dictionary<int, long>();

    /// <summary>The id of the topic that the start positions are of; empty when it is not known.</summary>
    public string StartTopicId { get; init; } = "";

    /// <summary>False when a start position that the topic does not hold any more ends the reading with <see cref="Engine.Pipeline.SourceEndKind.Gap"/>.</summary>
    public bool AcceptGap { get; init; } = true;

    /// <summary>How records are taken from the client.</summary>
    public KafkaDrain Drain { get; init; } = KafkaDrains.Default;

    /// <summary>
    /// How long a replay waits for a broker that does not answer, at the start or in the middle. 30 s is enough for a broker
    /// to restart and for a partition to get a new leader. Following waits for ever.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often following looks for added partitions.</summary>
    public TimeSpan DiscoveryInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the lag of the partitions is reported.</summary>
    public TimeSpan LagInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Told of every change of <see cref="KafkaSource.Status"/>, on the source's own thread.</summary>
    public Action<KafkaStatus> Report { get; init; } = static _ => { };

    /// <summary>Given the native client's own log lines, on any thread. They never go to the console by themselves.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Measures the intervals above.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
