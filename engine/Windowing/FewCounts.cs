using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// What one unit counts in its windows while that is little: how often which set of lanes in which window. Bound: <see cref="Most"/> entries, beyond which
/// rows of
/// counters are faster. Owned by one shard.
/// </summary>
internal sealed class FewCounts
{
    /// <summary>Enough for two cases in four windows, an eighth of the rows they would take.</summary>
    private const int Most = 40;

    private readonly List<(int Set, int Window, int Count)> entries = [];

    /// <summary>Takes a step in some windows, so often.</summary>
    /// <returns>False when there may be no place for it; then nothing was changed.</returns>
    public bool TryApply(int first, int windows, LaneStep step, int often)
    {
        if (entries.Count + (2 * windows) > Most)
        {
            return false;
        }

        for (var window = first; window < first + windows; window++)
        {
            Add(step.Before, window, -often);
            Add(step.After, window, often);
        }

        return true;
    }

    /// <summary>Adds the counters of a window to a row of lanes.</summary>
    public void AddTo(Span<int> row, int window, LaneSets sets)
    {
        foreach (var entry in entries)
        {
            if (entry.Window != window)
            {
                continue;
            }

            foreach (var lane in sets[entry.Set])
            {
                row[lane] += entry.Count;
            }
        }
    }

    private void Add(int set, int window, int count)
    {
        if (set == LaneSets.None)
        {
            return;
        }

        for (var at = 0; at < entries.Count; at++)
        {
            if (entries[at].Set == set && entries[at].Window == window)
            {
                entries[at] = (set, window, entries[at].Count + count);
                if (entries[at].Count == 0)
                {
                    entries[at] = entries[^1];
                    entries.RemoveAt(entries.Count - 1);
                }

                return;
            }
        }

        entries.Add((set, window, count));
    }
}
