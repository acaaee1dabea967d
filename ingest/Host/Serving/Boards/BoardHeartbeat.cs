namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// What a reader is told while there is nothing new: that the connection lives, and whether what it shows may still be believed.
/// It takes the place of a frame in which only the clock has moved, and comes by itself while the engine is busy with something else.
/// </summary>
internal sealed record BoardHeartbeat(string Now, string? DataTime, bool Stale, string SourceState)
{
    /// <summary>For a frame that differs from the last one by its clock only.</summary>
    public static BoardHeartbeat Of(BoardFrame frame) => new(frame.Now, frame.DataTime, frame.Stale, frame.SourceState);

    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <param name="seen">The frame the reader shows; null before the first.</param>
    public static BoardHeartbeat At(long nowMillis, BoardFrame? seen)
    {
        var now = InstantText.ToLocalSeconds(nowMillis);
        if (seen is null)
        {
            return new BoardHeartbeat(now, null, true, "đang khởi động");
        }

        var isOld = !InstantText.TryParse(Encoding.UTF8.GetBytes(seen.Now), out var shown)
            || Math.Abs(nowMillis - shown) > seen.StaleAfterSeconds * LocalTime.MillisPerSecond;
        return new BoardHeartbeat(now, seen.DataTime, seen.Stale || isOld, isOld ? "máy chủ chậm cập nhật" : seen.SourceState);
    }
}
