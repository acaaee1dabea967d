namespace KpiStream.Ingest.Kafka;

/// <summary>How far one partition has been read. Pure; owned by the consuming thread.</summary>
internal sealed class PartitionProgress(int partition, long next, long end)
{
    /// <summary>The end of a partition that is followed for ever.</summary>
    public const long NoEnd = long.MaxValue;

    public int Partition { get; } = partition;

    /// <summary>The next offset to read: everything below has been handed over, or never was a record.</summary>
    public long Next { get; private set; } = next;

    /// <summary>The offset to stop before.</summary>
    public long End { get; private set; } = end;

    /// <summary>The end that a followed partition had when it was first asked about; its past lies before. <see cref="NoEnd"/> until then.</summary>
    public long Past { get; set; } = NoEnd;

    /// <summary>Nothing before the end is left.</summary>
    public bool Done => Next >= End;

    /// <summary>Says whether a record is to be handed over, and moves on.</summary>
    /// <returns>False for a record seen before (after a new assignment) and for one at or behind the end.</returns>
    public bool TryTake(long offset)
    {
        if (offset < Next || offset >= End)
        {
            ReachedEnd(offset);
            return false;
        }

        Next = offset + 1;
        return true;
    }

    /// <summary>
    /// Nothing readable lies between <see cref="Next"/> and this offset. Offsets may be missing anywhere (compaction, control records,
    /// aborted transactions), so this, not the last offset, is what ends a partition.
    /// </summary>
    public void ReachedEnd(long offset) => Next = Math.Max(Next, offset);

    /// <summary>The log does not hold what was to be read next: goes to where it continues.</summary>
    public void MoveTo(long offset) => Next = offset;

    /// <summary>The log has become shorter than it was.</summary>
    public void CutTo(long end) => End = Math.Min(End, end);
}
