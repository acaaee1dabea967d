namespace KpiStream.Ingest.Kafka;

/// <summary>What a source counts itself. Written by its thread, readable from any.</summary>
internal sealed class KafkaCounts
{
    private long tombstones;
    private long lostOffsets;
    private int partitions;
    private PartitionMonitor? monitor;

    public long Tombstones => Volatile.Read(ref tombstones);

    public long LostOffsets => Volatile.Read(ref lostOffsets);

    public int Partitions
    {
        get => Volatile.Read(ref partitions);
        set => Volatile.Write(ref partitions, value);
    }

    /// <summary>Asks the brokers while the source reads; null before, and the last one afterwards, which asks no more.</summary>
    public PartitionMonitor? Monitor
    {
        get => Volatile.Read(ref monitor);
        set => Volatile.Write(ref monitor, value);
    }

    public void AddTombstone() => AddTombstones(1);

    public void AddTombstones(long count) => Volatile.Write(ref tombstones, tombstones + count);

    public void AddLost(long offsets) => Volatile.Write(ref lostOffsets, lostOffsets + offsets);
}
