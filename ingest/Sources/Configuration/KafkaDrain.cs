namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>How records are taken from the Kafka client. The figures are the same either way.</summary>
public enum KafkaDrain
{
    /// <summary>In batches, read where they lie in the client's memory.</summary>
    Batched,

    /// <summary>One by one through the client library's ordinary loop: slower, and the baseline of the benchmark.</summary>
    Stock,
}
