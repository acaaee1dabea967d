namespace KpiStream.Ingest.Kafka;

/// <summary>What the brokers say of a partition's log.</summary>
/// <param name="Low">The first offset that still exists.</param>
/// <param name="Readable">Everything before may be read: the first offset of the oldest open transaction, or <paramref name="High"/>.</param>
/// <param name="High">The offset that comes next.</param>
internal readonly record struct PartitionOffsets(long Low, long Readable, long High);
