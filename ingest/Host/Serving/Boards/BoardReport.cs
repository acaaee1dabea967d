namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>What the page of a wallboard says of itself: <c>POST /api/v1/boards</c>.</summary>
/// <param name="Board">A random id that the page keeps: 8 to 64 letters, digits, hyphens or underscores.</param>
/// <param name="Address">The page's path and query, beginning with <c>/board</c>; a token in it is not kept.</param>
/// <param name="Frame">The id of the frame on the screen; 0 before the first.</param>
/// <param name="PaintedAt">When the page last drew anything, its clock included, by its own clock (RFC 3339): another value is another painting.</param>
/// <param name="Version">The page's version.</param>
/// <param name="Screen">The size of its window; may be left out.</param>
internal sealed record BoardReport(string? Board, string? Address, long? Frame, string? PaintedAt, string? Version, BoardScreen? Screen)
{
    private const int ShortestId = 8, LongestId = 64, LongestAddress = 500, LongestVersion = 40, LongestInstant = 40, LongestValue = 80;

    /// <summary>The parameters that a page tells of.</summary>
    private static readonly string[] Told = ["wall", "screen", "unit", "period", "rotate", "every", "lang", "theme", "distance"];

    /// <summary>What is wrong with it, a sentence for the sender; null when nothing is.</summary>
    public string? Mistake() =>
        Board is not { Length: >= ShortestId and <= LongestId } || !Board.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_')
            ? $"'board' is the id that the page keeps: {ShortestId} to {LongestId} letters, digits, hyphens or underscores."
        : Address is not { Length: <= LongestAddress } || !IsOfThePage(Address)
            ? $"'address' is the page's path and query: /board, and of its parameters {string.Join(", ", Told)}."
        : Frame is not >= 0 ? "'frame' is the id of the frame on the screen, 0 before the first."
        : PaintedAt is not { Length: <= LongestInstant } || !InstantText.TryParse(Encoding.UTF8.GetBytes(PaintedAt), out _)
            ? "'paintedAt' is an instant like 2026-11-27T08:00:00Z."
        : Version is { Length: > LongestVersion } || Version?.Any(char.IsControl) == true ? $"'version' has at most {LongestVersion} characters."
        : Screen is { W: < 0 or > BoardScreen.Most } or { H: < 0 or > BoardScreen.Most } ? $"'screen' is like {{\"w\":1920,\"h\":1080}}."
        : null;

    /// <summary>What is told in alerts is made of these and of nothing that a sender could word.</summary>
    private static bool IsOfThePage(string address)
    {
        var query = address == "/board" ? "" : address.StartsWith("/board?") ? address["/board?".Length..] : null;
        return query is not null && query.Split('&', StringSplitOptions.RemoveEmptyEntries).All(static part =>
            part.Split('=') is [var key, { Length: <= LongestValue } value]
            && (Told.Contains(key, StringComparer.Ordinal) || key.Equals("token", StringComparison.OrdinalIgnoreCase))
            && value.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ','));
    }

    /// <summary>The address without what lets its reader in.</summary>
    public string PlainAddress()
    {
        var (path, _, query) = Address!.Split('?', 2) is [var first, var rest] ? (first, "?", rest) : (Address, "", "");
        var kept = string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(static one => !one.StartsWith("token", StringComparison.OrdinalIgnoreCase)));
        return kept.Length > 0 ? $"{path}?{kept}" : path;
    }
}

/// <summary>The size of a page's window in CSS pixels.</summary>
internal sealed record BoardScreen(int W, int H)
{
    public const int Most = 100_000;
}
