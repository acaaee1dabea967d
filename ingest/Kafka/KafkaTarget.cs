namespace KpiStream.Ingest.Kafka;

/// <summary>Where records are produced to.</summary>
/// <param name="Connection">Which topic, and how to get in.</param>
public sealed record KafkaTarget(KafkaConnection Connection)
{
    /// <summary>How many partitions the topic gets when it does not exist yet; an existing topic keeps its own.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>How long to wait for brokers that do not answer at the start. Later, <c>message.timeout.ms</c> (a minute) bounds the wait.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Given the native client's own log lines, on any thread.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Measures the wait above.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
