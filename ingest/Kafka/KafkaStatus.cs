namespace KpiStream.Ingest.Kafka;

public enum KafkaStatusKind
{
    /// <summary>Looking for the brokers and the topic for the first time.</summary>
    Connecting,

    /// <summary>Reading, or waiting for the next record.</summary>
    Reading,

    /// <summary>The brokers are gone or refuse us; it keeps trying.</summary>
    Disconnected,

    /// <summary>Some partition's broker has not answered for too long: there may be records that are not seen.</summary>
    PartitionSilent,

    /// <summary>A transaction has been open for too long: the records behind it cannot be read.</summary>
    TransactionOpen,

    /// <summary>Offsets that were to be read next do not exist any more: records are lost to us, or the topic was recreated.</summary>
    RecordsLost,
}

/// <summary>What a Kafka source is doing, and why.</summary>
/// <param name="Sentence">One sentence for a log or a screen.</param>
public sealed record KafkaStatus(KafkaStatusKind Kind, string Sentence);
