using KpiStream.Engine.Boards;
using KpiStream.Engine.Events;
using KpiStream.Engine.Time;
using KpiStream.Ingest.Host.DeadLetters;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>
/// Turns running totals into counts since local midnight, or since the log's past was read if that is later: what a rebuild meets again is
/// not today's news. Owned by the publisher.
/// </summary>
internal sealed class TodayCounts
{
    private int day = int.MinValue;
    private bool wasCaughtUp;
    private Totals before = Totals.None;
    private Totals last = Totals.None;

    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <param name="rejected">Rejected records since the start, by reason.</param>
    /// <param name="late">Late events since the start.</param>
    /// <param name="caughtUp">False while the log's past is being read.</param>
    /// <returns>The reasons are today's most frequent ones, most frequent first.</returns>
    public (long Rejected, long Late, IReadOnlyList<BoardReject> Reasons) Of(
        long nowMillis, IReadOnlyList<(Verdict Verdict, long Count)> rejected, long late, bool caughtUp)
    {
        var today = LocalTime.DayOf(nowMillis);
        var now = new Totals(rejected.ToDictionary(row => row.Verdict.ToString(), row => row.Count, StringComparer.Ordinal), late);
        if (!wasCaughtUp)
        {
            before = now;
        }
        else if (today > day)
        {
            before = last;
        }

        (day, wasCaughtUp, last) = (today, caughtUp, now);
        var reasons = now.Rejected
            .Select(row => (Reason: row.Key, Count: row.Value - before.Rejected.GetValueOrDefault(row.Key)))
            .Where(row => row.Count > 0).ToList();
        return (reasons.Sum(row => row.Count), late - before.Late, Top(reasons));
    }

    private static List<BoardReject> Top(IEnumerable<(string Reason, long Count)> reasons) =>
    [
        .. reasons.OrderByDescending(row => row.Count).ThenBy(row => row.Reason, StringComparer.Ordinal).Take(BoardReject.MostShown)
            .Select(row => new BoardReject(RejectText.ReasonOf(row.Reason), RejectText.KeyOf(row.Reason) is { Length: > 0 } key ? key : null, row.Count)),
    ];

    private sealed record Totals(IReadOnlyDictionary<string, long> Rejected, long Late)
    {
        public static readonly Totals None = new(new Dictionary<string, long>(StringComparer.Ordinal), 0);
    }
}
