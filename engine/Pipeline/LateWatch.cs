using KpiStream.Engine.Codecs;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Tells which events are late: more than a limit before the newest <c>at</c> of their source that does not lie in the future. An
/// <c>at</c> up to the tolerance after its arrival is a clock that runs fast and counts as the arrival; one further ahead counts for nothing. Where an
/// arrival is unknown the wall clock stands for it; without a wall clock nothing is in the future. Owned by one intake.
/// </summary>
/// <param name="lateAfter">Milliseconds.</param>
/// <param name="tolerance">How far ahead a clock may run, milliseconds.</param>
/// <param name="wallClock">Milliseconds since 1970 UTC; asked only when an event lies after what it said last. Null for none.</param>
internal sealed class LateWatch(long lateAfter, long tolerance, Func<long>? wallClock)
{
    private long[] newest = new long[16];
    private long wall = long.MinValue;

    /// <summary>The newest <c>at</c> of any source that does not lie in the future; <see cref="long.MinValue"/> before the first.</summary>
    public long DataTime { get; private set; } = long.MinValue;

    /// <summary>Sources whose clocks run ahead, by code id.</summary>
    public ClockLeads Leads { get; } = new();

    /// <param name="source">Code id of the source.</param>
    /// <param name="at">Milliseconds since 1970 UTC.</param>
    /// <param name="arrival">Likewise, or <see cref="DecodeLimits.UnknownArrival"/>.</param>
    public bool IsLate(int source, long at, long arrival)
    {
        ref var known = ref ById.At(ref newest, source);
        if (at <= known)
        {
            return known - at > lateAfter;
        }

        known = Math.Max(known, Bounded(source, at, arrival));
        DataTime = known == 0 ? DataTime : Math.Max(DataTime, known);
        return false;
    }

    /// <summary>The newest <c>at</c> of every source met, by name.</summary>
    public IReadOnlyList<(string Source, long At)> Save(CodeTable sources) =>
        [.. newest.Index().Where(entry => entry.Item != 0).Select(entry => (sources.Text(entry.Index), entry.Item))];

    /// <summary>Takes over what was saved. What lies in the future was saved by an older program.</summary>
    public void Restore(IEnumerable<(string Source, long At)> saved, CodeTable sources)
    {
        foreach (var (source, at) in saved.Where(one => one.At <= FutureAfter(one.At)))
        {
            IsLate(sources.Intern(source), at, arrival: at);
        }
    }

    private long Bounded(int source, long at, long arrival)
    {
        var limit = arrival == DecodeLimits.UnknownArrival ? FutureAfter(at) : arrival;
        if (at <= limit)
        {
            return at;
        }

        Leads.Note(source, at - limit, limit);
        return at - limit <= tolerance ? limit : long.MinValue;
    }

    private long FutureAfter(long at)
    {
        if (wallClock is not null && at > wall)
        {
            wall = wallClock();
        }

        return wallClock is null ? long.MaxValue : wall;
    }
}
