using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Turns running totals into counts since local midnight, or since the log's past was read if that is later: what a rebuild meets again is
/// not today's news. A run that resumes from a checkpoint of the same day counts on from that day's beginning. Owned by the publisher.
/// </summary>
/// <param name="resumed">What a checkpoint knew; null when there was none.</param>
internal sealed class TodayCounts(SavedToday? resumed = null)
{
    private readonly SavedToday? resumed = resumed;
    private volatile SavedToday? saved = resumed;
    private int day = int.MinValue;
    private bool wasCaughtUp;
    private Totals before = Totals.None;
    private Totals last = Totals.None;

    /// <summary>What had been counted before the day began, for the next checkpoint; null while that is unknown. Any thread may ask.</summary>
    public SavedToday? Saved => saved;

    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <param name="rejected">Rejected records since the start, by reason.</param>
    /// <param name="late">Late events since the start.</param>
    /// <param name="caughtUp">False while the log's past is being read.</param>
    /// <returns>The reasons are today's most frequent ones, most frequent first.</returns>
    public (long Rejected, long Late, IReadOnlyList<BoardReject> Reasons) Of(
        long nowMillis, IReadOnlyList<(Verdict Verdict, long Count)> rejected, long late, bool caughtUp)
    {
        var today = LocalTime.DayOf(nowMillis);
        var now = new Totals(rejected.ToDictionary(row => row.Verdict.ToString(), row => row.Count), late);
        if (!wasCaughtUp)
        {
            before = resumed is { } known && known.Day == today ? new Totals(known.Rejected, known.Late) : now;
        }
        else if (today > day)
        {
            before = last;
        }

        (day, wasCaughtUp, last) = (today, caughtUp, now);
        if (caughtUp)
        {
            saved = new SavedToday(today, before.Rejected, before.Late);
        }

        var reasons = now.Rejected
            .Select(row => (Reason: row.Key, Count: row.Value - before.Rejected.GetValueOrDefault(row.Key)))
            .Where(row => row.Count > 0).ToList();
        return (reasons.Sum(row => row.Count), Math.Max(0, late - before.Late), Top(reasons));
    }

    private static List<BoardReject> Top(IEnumerable<(string Reason, long Count)> reasons) =>
    [
        .. reasons.OrderByDescending(row => row.Count).ThenBy(row => row.Reason).Take(BoardReject.MostShown)
            .Select(row => new BoardReject(RejectText.ReasonOf(row.Reason), RejectText.KeyOf(row.Reason) is { Length: > 0 } key ? key : null, row.Count)),
    ];

    private sealed record Totals(IReadOnlyDictionary<string, long> Rejected, long Late)
    {
        public static readonly Totals None = new(new Dictionary<string, long>(), 0);
    }
}
