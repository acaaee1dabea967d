using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Sums of one period by unit code, parents included: roll-ups exist only here, when something is published or asked for (spec section 6).
/// </summary>
public sealed class UnitTotals
{
    private readonly Dictionary<string, int[]> rows = [];

    /// <param name="sums">The counters of all shards; left as they are.</param>
    /// <param name="text">From code id to code.</param>
    /// <param name="directory">Who is above whom.</param>
    public UnitTotals(IEnumerable<LedgerSums> sums, Func<int, string> text, UnitDirectory directory)
    {
        foreach (var (unit, lanes) in sums.SelectMany(static shard => shard.Rows))
        {
            var code = text(unit);
            Add(code, lanes);
            foreach (var above in directory.Above(code))
            {
                Add(above, lanes);
            }
        }
    }

    /// <summary>Codes with counters.</summary>
    public IEnumerable<string> Units => rows.Keys;

    /// <summary>True when a unit counts the same in both.</summary>
    public bool IsSame(string unit, UnitTotals other) => rows.GetValueOrDefault(unit).AsSpan().SequenceEqual(other.rows.GetValueOrDefault(unit));

    /// <summary>A figure's numbers in a unit.</summary>
    public FigureCount Of(string unit, CompiledFigure figure) => figure.Sum(LanesOf(unit, figure));

    /// <summary>A figure's cases by its lanes, see <see cref="CompiledFigure.MissingOf"/>. Empty when there are none.</summary>
    public ReadOnlySpan<int> LanesOf(string unit, CompiledFigure figure) =>
        rows.TryGetValue(unit, out var lanes) ? lanes.AsSpan(figure.FirstLane, figure.LaneCount) : default;

    private void Add(string unit, int[] lanes)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, unit, out _);
        row ??= new int[lanes.Length];
        for (var i = 0; i < lanes.Length; i++)
        {
            row[i] += lanes[i];
        }
    }
}
