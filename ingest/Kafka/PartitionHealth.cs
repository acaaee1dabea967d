namespace KpiStream.Ingest.Kafka;

/// <summary>What is known of a partition from its brokers' own answers. Immutable.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Silence">How long ago the last question was asked that its leader answered; since the source was opened when it never has.</param>
/// <param name="Held">For how long an open transaction has kept records from being read; zero when none does.</param>
/// <param name="HeldOffsets">How many offsets it holds back.</param>
/// <param name="HeldFrom">Its first offset.</param>
/// <param name="Error">What was last wrong, in the client's words; empty when the last question was answered.</param>
public sealed record PartitionHealth(int Partition, TimeSpan Silence, TimeSpan Held, long HeldOffsets, long HeldFrom, string Error)
{
    /// <summary>For how long the broker has answered and given no record although there were some; zero when it gives what there is.</summary>
    public TimeSpan Stalled { get; init; }

    /// <summary>How many offsets it owes then.</summary>
    public long Unread { get; init; }
}
