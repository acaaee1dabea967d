namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// How far an embedded log is on disk. Its writer moves it, and a reader that keeps to it never knows an event that a power cut may take back: such an event
/// would stand in a checkpoint and in no log. Any thread may ask.
/// </summary>
public sealed class DurableEnd
{
    private volatile End end = new(0, 0, 0);
    private volatile End lost = new(0, 0, 0);

    /// <summary>The first segment that may be written: behind the last whose file was taken away while it was written.</summary>
    internal int NextAfterLost => lost.Segment + 1;

    /// <summary>The number of the newest event on disk; null while nothing is known.</summary>
    internal long? Number => end is { Segment: > 0 } known ? known.Number : null;

    /// <summary>The segment written last in this process, and how much of it is on disk; null before any, and for one that is lost.</summary>
    internal (int Segment, long Bytes)? Written => end is { Segment: > 0 } known && known.Segment != lost.Segment ? (known.Segment, known.Bytes) : null;

    /// <summary>The number of the last event on disk of a segment that was taken away while it was written; null for another.</summary>
    internal long? LastOfLost(int segment) => lost is { Segment: > 0 } gone && gone.Segment == segment ? gone.Number : null;

    /// <summary>The bytes of a segment that were put on disk in this process; 0 where that is not known.</summary>
    internal long BytesOf(int segment) =>
        end is var now && now.Segment == segment ? now.Bytes : lost is var gone && gone.Segment == segment ? gone.Bytes : 0;

    /// <summary>The bytes of a segment that may be read.</summary>
    /// <param name="segment">Counted from 1.</param>
    public long LimitOf(int segment) =>
        segment == lost.Segment ? lost.Bytes : end is var now && segment < now.Segment ? long.MaxValue : segment == now.Segment ? now.Bytes : 0;

    /// <summary>
    /// The bytes of a segment to keep when it is opened again: after a disk error what is read behind them may never have come onto it, although
    /// another flush would say so. Everything while nothing is known.
    /// </summary>
    internal long KeptOf(int segment) => end.Segment == 0 ? long.MaxValue : LimitOf(segment);

    /// <summary>Everything up to here is on disk.</summary>
    internal void Reach(int segment, long bytes, long number) => end = new End(segment, bytes, number);

    /// <summary>The newest segment's file has been taken away: what was on disk of it stays counted, and it is never written again.</summary>
    internal void Lose() => lost = end;

    private sealed record End(int Segment, long Bytes, long Number);
}
