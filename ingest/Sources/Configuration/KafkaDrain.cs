namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>How records are taken from the Kafka client. The figures are the same either way.</summary>
public enum KafkaDrain
{
    /// <summary>In batches, read where they lie in the client's memory.</summary>
    Batched,

    /// <summary>One by one through the client library's ordinary loop: slower, and the baseline of the benchmark.</summary>
    Stock,
}

/// <summary>What is not chosen.</summary>
public static class KafkaDrains
{
    /// <summary>
    /// Batched, unless the runtime's switch KpiStream.BatchedDrain says otherwise, by which all tests can be run without it (tests/run --without
    /// batched-drain).
    /// </summary>
    public static readonly KafkaDrain Default =
        !AppContext.TryGetSwitch("KpiStream.BatchedDrain", out var isOn) || isOn ? KafkaDrain.Batched : KafkaDrain.Stock;
}
