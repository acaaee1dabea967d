namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Notices that the wall clock went further than time did since the last look: it was put forward, or the machine was asleep. Owned by the publisher.
/// </summary>
internal sealed class ClockJump(TimeProvider time)
{
    /// <summary>What a clock may be corrected by without anybody speaking of it.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private (DateTimeOffset Wall, long Steady)? last;

    /// <summary>True once for every jump.</summary>
    public bool HasJumped()
    {
        var (now, steady) = (time.GetUtcNow(), time.GetTimestamp());
        var hasJumped = last is { } before && now - before.Wall - time.GetElapsedTime(before.Steady, steady) > Tolerance;
        last = (now, steady);
        return hasJumped;
    }
}
