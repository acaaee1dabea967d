using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>Adds rows of lanes up by a key, keeping the two numbers of each figure.</summary>
internal sealed class Tally<TKey>(CompiledRulebook rules)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int[]> sums = [];

    public void Add(TKey key, ReadOnlySpan<int> lanes)
    {
        var sum = SumOf(key);
        foreach (var figure in rules.Figures)
        {
            var own = lanes.Slice(figure.FirstLane, figure.LaneCount);
            foreach (var count in own)
            {
                sum[2 * figure.Number] += count;
            }

            sum[(2 * figure.Number) + 1] += own[0];
        }
    }

    /// <summary>Figures with a denominator above zero.</summary>
    public IEnumerable<(TKey Key, CompiledFigure Figure, (long Denominator, long Numerator) Sum)> Counted() =>
        sums.Keys.SelectMany(AllOf).Where(cell => cell.Sum.Denominator > 0);

    /// <summary>All figures of a key, zeros included.</summary>
    public IEnumerable<(TKey Key, CompiledFigure Figure, (long Denominator, long Numerator) Sum)> AllOf(TKey key)
    {
        var sum = sums.GetValueOrDefault(key);
        return rules.Figures.Select(figure => (key, figure, sum is null ? (0L, 0L) : (sum[2 * figure.Number], sum[(2 * figure.Number) + 1])));
    }

    private int[] SumOf(TKey key)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        return sum ??= new int[2 * rules.Figures.Count];
    }
}
