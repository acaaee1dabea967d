namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Stands between a source and the engine and tells the follower of every record: what was due when. Owned by the source's flow.
/// </summary>
internal sealed class FollowedSink(IRecordSink inner, EventFollower follower, Func<long, long> dueOf) : IRecordSink
{
    /// <summary>When the next record is due, where the flow knows it; otherwise the record's arrival says it.</summary>
    public long? Due { get; set; }

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        inner.Accept(record, position, arrival);
        follower.Accept(Due ?? dueOf(arrival));
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        inner.RejectTooLarge(position, arrival, length, sha256);
        follower.Accept(Due ?? dueOf(arrival));
    }

    public void Flush()
    {
        inner.Flush();
        follower.Flush();
    }

    public void ReportLag(int partition, long remaining) => inner.ReportLag(partition, remaining);

    public void Pass(Func<SourcePlaces> here) => inner.Pass(here);
}
