using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Which conditions a figure's cases lack (spec section 4): among cases in the denominator and not in the numerator, counted by item of
/// the figure's count and by exact set. Read off the lanes, which are those sets.
/// </summary>
public static class MissingConditions
{
    /// <summary>Cases lacking each item, in the rulebook's order; every item is listed, also at zero. Empty for a volume.</summary>
    public static IReadOnlyDictionary<string, long> Items(CompiledFigure figure, ReadOnlySpan<int> lanes)
    {
        var items = figure.Definition.Count ?? [];
        var counts = new long[items.Count];
        for (var set = 1; set < lanes.Length; set++)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += (set & (1 << i)) != 0 ? lanes[set] : 0;
            }
        }

        return items.Zip(counts).ToDictionary(row => row.First.Name, row => row.Second, StringComparer.Ordinal);
    }

    /// <summary>Cases by the exact set they lack, the names joined by <c>+</c>; sets nobody lacks are left out.</summary>
    public static IReadOnlyDictionary<string, long> Sets(CompiledFigure figure, ReadOnlySpan<int> lanes)
    {
        var items = figure.Definition.Count ?? [];
        var sets = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var set = 1; set < lanes.Length; set++)
        {
            if (lanes[set] > 0)
            {
                var missing = set;
                sets.Add(string.Join('+', items.Where((_, i) => (missing & (1 << i)) != 0).Select(item => item.Name)), lanes[set]);
            }
        }

        return sets;
    }
}
