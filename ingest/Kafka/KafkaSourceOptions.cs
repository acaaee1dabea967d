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

    /// <summary>
    /// False when a start position that the topic does not hold any more ends the reading with <see cref="Engine.Pipeline.SourceEndKind.Gap"/>.
    /// </summary>
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

    /// <summary>How often the brokers are asked about every partition.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long a partition may be without an answer from its broker until following says so.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long an open transaction is waited for: a replay then ends as damaged, following says that records are held back. Producers abort
    /// after 60 s by default (<c>transaction.timeout.ms</c>), and brokers look every 10 s.
    /// </summary>
    public TimeSpan OpenTransactionWait { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>True when a replay is of what can be read now: it ends before an open transaction without a word.</summary>
    public bool EndsAtOpenTransaction { get; init; }

    /// <summary>Told of every change of <see cref="KafkaSource.Status"/>, on the source's own thread.</summary>
    public Action<KafkaStatus> Report { get; init; } = static _ => { };

    /// <summary>Told of offsets that were to be read and did not exist any more, on the source's own thread.</summary>
    public Action<LostOffsets> ReportLoss { get; init; } = static _ => { };

    /// <summary>Given the native client's own log lines, on any thread. They never go to the console by themselves.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Measures the intervals above.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
