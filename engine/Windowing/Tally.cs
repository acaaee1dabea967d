using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>Adds rows of lanes up by a key, keeping each figure's numbers.</summary>
internal sealed class Tally<TKey>(CompiledRulebook rules)
    where TKey : notnull
{
    private readonly Dictionary<TKey, FigureCount[]> sums = [];

    public void Add(TKey key, ReadOnlySpan<int> lanes)
    {
        var sum = SumOf(key);
        foreach (var figure in rules.Figures)
        {
            sum[figure.Number] += figure.Sum(lanes.Slice(figure.FirstLane, figure.LaneCount));
        }
    }

    /// <summary>Figures with a denominator above zero.</summary>
    public IEnumerable<(TKey Key, CompiledFigure Figure, FigureCount Sum)> Counted() =>
        sums.Keys.SelectMany(AllOf).Where(cell => cell.Sum.Denominator > 0);

    /// <summary>All figures of a key, zeros included.</summary>
    public IEnumerable<(TKey Key, CompiledFigure Figure, FigureCount Sum)> AllOf(TKey key)
    {
        var sum = sums.GetValueOrDefault(key);
        return rules.Figures.Select(figure => (key, figure, sum is null ? default : sum[figure.Number]));
    }

    private FigureCount[] SumOf(TKey key)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        return sum ??= new FigureCount[rules.Figures.Count];
    }
}
