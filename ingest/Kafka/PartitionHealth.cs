namespace KpiStream.Ingest.Kafka;

/// <summary>What is known of a partition from its brokers' own answers. Immutable.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Silence">How long ago its leader last answered; since the source was opened when it never has.</param>
/// <param name="Held">For how long an open transaction has kept records from being read; zero when none does.</param>
/// <param name="HeldOffsets">How many offsets it holds back.</param>
/// <param name="HeldFrom">Its first offset.</param>
/// <param name="Error">What was last wrong, in the client's words; empty when the last question was answered.</param>
public sealed record PartitionHealth(int Partition, TimeSpan Silence, TimeSpan Held, long HeldOffsets, long HeldFrom, string Error);
