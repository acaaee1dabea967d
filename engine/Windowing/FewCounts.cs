using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// What a unit with few cases counts in its windows: a short list of sets of lanes with a counter for each window. Bound: <see cref="Most"/> sets, beyond
/// which rows of counters are faster. Owned by one shard.
/// </summary>
internal sealed class FewCounts(int windows)
{
    /// <summary>Enough for five cases, and an eighth of the rows they would take.</summary>
    private const int Most = 16;

    // A set's number and its counters, one set behind another.
    private int[] entries = [];
    private int used;

    private int Length => windows + 1;

    /// <summary>Takes a step in some windows, so often.</summary>
    /// <returns>False when there may be no place for it; then nothing was changed.</returns>
    public bool TryApply(int first, int count, LaneStep step, int often)
    {
        if (used + 2 > Most)
        {
            return false;
        }

        Add(step.Before, first, count, -often);
        Add(step.After, first, count, often);
        return true;
    }

    /// <summary>Adds the counters of a window to a row of lanes.</summary>
    public void AddTo(Span<int> row, int window, LaneSets sets)
    {
        for (var at = 0; at < used * Length; at += Length)
        {
            foreach (var lane in sets[entries[at]])
            {
                row[lane] += entries[at + 1 + window];
            }
        }
    }

    private void Add(int set, int first, int count, int often)
    {
        if (set == LaneSets.None)
        {
            return;
        }

        var at = PlaceOf(set);
        var counters = entries.AsSpan(at + 1, windows);
        foreach (ref var counter in counters.Slice(first, count))
        {
            counter += often;
        }

        if (!counters.ContainsAnyExcept(0))
        {
            Remove(at);
        }
    }

    /// <summary>Where a set stands; at the end, with nothing counted, when it did not.</summary>
    private int PlaceOf(int set)
    {
        for (var at = 0; at < used * Length; at += Length)
        {
            if (entries[at] == set)
            {
                return at;
            }
        }

        var end = used++ * Length;
        if (end == entries.Length)
        {
            Array.Resize(ref entries, Math.Min(Math.Max(used * 2, 2), Most) * Length);
        }

        entries[end] = set;
        return end;
    }

    private void Remove(int at)
    {
        var last = entries.AsSpan(--used * Length, Length);
        last.CopyTo(entries.AsSpan(at));
        last.Clear();
    }
}
