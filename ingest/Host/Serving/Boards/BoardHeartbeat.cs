using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// What a reader is told while there is nothing new: that the connection lives, the time, and nothing else as long as what it shows may still be believed.
/// Written without its nulls: a quiet minute is less than a kilobyte.
/// </summary>
/// <param name="Now">Local time to the second.</param>
/// <param name="Stale">True while the server itself is behind, and false once when it no longer is; otherwise null: the frame's word holds.</param>
/// <param name="SourceState">In Vietnamese, with <paramref name="Stale"/>.</param>
internal sealed record BoardHeartbeat(
    string Now, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Stale = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SourceState = null)
{
    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <param name="seen">The frame the reader shows; null before the first.</param>
    /// <param name="wasDoubted">True when the heartbeat before said that the server is behind.</param>
    public static BoardHeartbeat At(long nowMillis, BoardFrame? seen, bool wasDoubted)
    {
        var now = InstantText.ToLocalSeconds(nowMillis);
        if (seen is null)
        {
            return new BoardHeartbeat(now, true, "đang khởi động");
        }

        var isOld = !InstantText.TryParse(Encoding.UTF8.GetBytes(seen.Now), out var shown)
            || Math.Abs(nowMillis - shown) > seen.StaleAfterSeconds * LocalTime.MillisPerSecond;
        return isOld ? new BoardHeartbeat(now, true, "máy chủ chậm cập nhật")
            : wasDoubted ? new BoardHeartbeat(now, seen.Stale, seen.SourceState) : new BoardHeartbeat(now);
    }
}
