using System.Collections.Concurrent;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Sources whose events say a later time than the one at which they arrived: their clocks run fast. Written by one intake's flow, read by anyone. Bounded by
/// the number of sources; a source is noted again only when it is further ahead, or a minute later, so that a fast clock costs nothing per event.
/// </summary>
public sealed class ClockLeads
{
    /// <summary>A source is said to be ahead for so long after it last was, milliseconds.</summary>
    public const long RememberedMillis = 3_600_000;

    private const long NotedAgainAfter = 60_000;

    private readonly ConcurrentDictionary<int, (long Lead, long SeenAt)> leads = new();

    /// <summary>Those seen within the hour before a moment, the furthest ahead first.</summary>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    /// <param name="least">A lead below this is not worth a word, milliseconds.</param>
    public IReadOnlyList<(int Source, long Lead)> Since(long now, long least) =>
    [
        .. leads.ToArray().Where(one => one.Value.Lead >= least && now - one.Value.SeenAt <= RememberedMillis)
            .OrderByDescending(static one => one.Value.Lead).ThenBy(static one => one.Key).Select(static one => (one.Key, one.Value.Lead)),
    ];

    /// <param name="source">Code id of the source.</param>
    /// <param name="lead">How far its event was ahead, milliseconds.</param>
    /// <param name="seenAt">When, milliseconds since 1970 UTC.</param>
    internal void Note(int source, long lead, long seenAt)
    {
        if (!leads.TryGetValue(source, out var known) || lead > known.Lead || seenAt - known.SeenAt > NotedAgainAfter)
        {
            leads[source] = (lead, seenAt);
        }
    }
}
