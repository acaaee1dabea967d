namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Where a source puts its records: they are decoded in place, at once, and the bytes may be reused when the call returns.
/// Owned by the one thread (or one asynchronous flow) that runs the source.
/// </summary>
public interface IRecordSink : IStreamControl
{
    /// <summary>Takes one record. Waits while the shards are full: that is the backpressure a source needs.</summary>
    /// <param name="record">The record's bytes, without any line ending.</param>
    /// <param name="position">Where it came from.</param>
    /// <param name="arrival">Milliseconds since 1970 UTC, or <see cref="Codecs.DecodeLimits.UnknownArrival"/>.</param>
    void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival);

    /// <summary>Counts a record that was over the size limit and was therefore never held whole.</summary>
    /// <param name="position">Where it came from.</param>
    /// <param name="arrival">As in <see cref="Accept"/>.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="sha256">The hash of all its bytes, 32 bytes.</param>
    void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256);
}

/// <summary>What a source says between its records. A sink that keeps nothing back and needs nothing of it leaves it out.</summary>
public interface IStreamControl
{
    /// <summary>Passes on whatever is still being collected. Called when a source runs dry, so that no event waits for a full batch.</summary>
    void Flush()
    {
    }

    /// <summary>Says how far behind a partition is.</summary>
    /// <param name="partition">As in <see cref="SourcePosition.Partition"/>.</param>
    /// <param name="remaining">Records known to exist and not yet read; 0 when caught up.</param>
    void ReportLag(int partition, long remaining)
    {
    }

    /// <summary>
    /// Says that reading can go on from here: everything before has been handed over, nothing behind has. Called by sources that can be resumed as often as
    /// it costs nothing, many times a second while they are busy, and at their end; a checkpoint is begun nowhere else.
    /// </summary>
    /// <param name="here">Tells where; to be asked during the call, or after the source has ended.</param>
    void Pass(Func<SourcePlaces> here)
    {
    }
}
