using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Which conditions a figure's cases lack: among cases in the denominator and not in the numerator, counted by item of
/// the figure's count and by exact set; an item that is unknown is lacking too. Read off the lanes, which are those sets.
/// </summary>
public static class MissingConditions
{
    /// <summary>Cases lacking each item, in the rulebook's order; every item is listed, also at zero. Empty for a volume.</summary>
    public static IReadOnlyDictionary<string, long> Items(CompiledFigure figure, ReadOnlySpan<int> lanes)
    {
        var items = figure.Definition.Count ?? [];
        var counts = new long[items.Count];
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            var (missing, _) = figure.MissingOf(lane);
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += (missing & (1 << i)) != 0 ? lanes[lane] : 0;
            }
        }

        return items.Zip(counts).ToDictionary(row => row.First.Name, row => row.Second);
    }

    /// <summary>Cases by the exact set they lack, the names joined by <c>+</c>; sets nobody lacks are left out.</summary>
    public static IReadOnlyDictionary<string, long> Sets(CompiledFigure figure, ReadOnlySpan<int> lanes)
    {
        var items = figure.Definition.Count ?? [];
        var sets = new Dictionary<string, long>();
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            var (missing, _) = figure.MissingOf(lane);
            if (missing != 0 && lanes[lane] > 0)
            {
                var names = string.Join('+', items.Where((_, i) => (missing & (1 << i)) != 0).Select(item => item.Name));
                sets[names] = sets.GetValueOrDefault(names) + lanes[lane];
            }
        }

        return sets;
    }

    /// <summary>The items unknown in some unobserved case, and those unknown in every case there is, as bits in the rulebook's order.</summary>
    public static (int InSome, int InAll) Unknown(CompiledFigure figure, ReadOnlySpan<int> lanes)
    {
        var (some, all) = (0, -1);
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            if (lanes[lane] > 0)
            {
                var (missing, isUnobserved) = figure.MissingOf(lane);
                some |= isUnobserved ? missing : 0;
                all &= isUnobserved ? missing : 0;
            }
        }

        return (some, all & some);
    }
}
