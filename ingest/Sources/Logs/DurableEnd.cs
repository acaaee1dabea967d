namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// How far an embedded log is on disk. Its writer moves it, and a reader that keeps to it never knows an event that a power cut may take back: such an event would
/// stand in a checkpoint and in no log. Any thread may ask.
/// </summary>
public sealed class DurableEnd
{
    private volatile End end = new(0, 0);

    /// <summary>The bytes of a segment that may be read.</summary>
    /// <param name="segment">Counted from 1.</param>
    public long LimitOf(int segment) => end is var now && segment < now.Segment ? long.MaxValue : segment == now.Segment ? now.Bytes : 0;

    /// <summary>
    /// The bytes of a segment to keep when it is opened again: after trouble with the disk what is read behind them may never have come onto it, although another
    /// flush would say so. Everything while nothing is known.
    /// </summary>
    internal long KeptOf(int segment) => end.Segment == 0 ? long.MaxValue : LimitOf(segment);

    /// <summary>Everything up to here is on disk.</summary>
    internal void Reach(int segment, long bytes) => end = new End(segment, bytes);

    private sealed record End(int Segment, long Bytes);
}
