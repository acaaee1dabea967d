using KpiStream.Engine.Events;

namespace KpiStream.Engine.Pipeline;

/// <summary>Tells which events are late: more than a limit before the newest <c>at</c> of their source (spec section 7). Owned by one intake.</summary>
internal sealed class LateWatch(long lateAfter)
{
    private long[] newest = new long[16];

    /// <param name="source">Code id of the source.</param>
    /// <param name="at">Milliseconds since 1970 UTC.</param>
    public bool IsLate(int source, long at)
    {
        if (source >= newest.Length)
        {
            Array.Resize(ref newest, Math.Max(source + 1, newest.Length * 2));
        }

        if (at >= newest[source])
        {
            newest[source] = at;
            return false;
        }

        return newest[source] - at > lateAfter;
    }

    /// <summary>The newest <c>at</c> of every source met, by name.</summary>
    public IReadOnlyList<(string Source, long At)> Save(CodeTable sources) =>
        [.. newest.Index().Where(entry => entry.Item != 0).Select(entry => (sources.Text(entry.Index), entry.Item))];

    /// <summary>Takes over what was saved.</summary>
    public void Restore(IEnumerable<(string Source, long At)> saved, CodeTable sources)
    {
        foreach (var (source, at) in saved)
        {
            IsLate(sources.Intern(source), at);
        }
    }
}
