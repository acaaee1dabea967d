using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>Rejected records as a board shows them.</summary>
internal static class RejectedReasons
{
    /// <summary>The most frequent reasons, most frequent first.</summary>
    public static IReadOnlyList<BoardReject> MostFrequent(IEnumerable<(Verdict Verdict, long Count)> rejected) =>
    [
        .. rejected.Select(static row => (Reason: row.Verdict.ToString(), row.Count)).Where(static row => row.Count > 0)
            .OrderByDescending(static row => row.Count).ThenBy(static row => row.Reason).Take(BoardReject.MostShown)
            .Select(static row => new BoardReject(RejectText.ReasonOf(row.Reason), KeyOf(row.Reason), row.Count)),
    ];

    private static string? KeyOf(string reason) => RejectText.KeyOf(reason) is { Length: > 0 } key ? key : null;
}
