using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Rows of counters, lanes or gauges, by unit code, parents included: roll-ups exist only here, when something is published, exported or asked for.
/// </summary>
public sealed class UnitTotals
{
    private readonly Dictionary<string, int[]> rows = [];

    /// <param name="parts">The rows of all shards by code id; left as they are.</param>
    /// <param name="text">From code id to code.</param>
    /// <param name="directory">Who is above whom.</param>
    /// <param name="rollUp">False to leave parents with their own counters alone.</param>
    public UnitTotals(IEnumerable<KeyValuePair<int, int[]>> parts, Func<int, string> text, UnitDirectory directory, bool rollUp = true)
    {
        foreach (var (unit, counters) in parts)
        {
            var code = text(unit);
            Add(code, counters);
            foreach (var above in rollUp ? directory.Above(code) : [])
            {
                Add(above, counters);
            }
        }
    }

    /// <summary>Codes with counters.</summary>
    public IEnumerable<string> Units => rows.Keys;

    /// <summary>True when a unit counts the same in both.</summary>
    public bool IsSame(string unit, UnitTotals other) => rows.GetValueOrDefault(unit).AsSpan().SequenceEqual(other.rows.GetValueOrDefault(unit));

    /// <summary>A figure's numbers in a unit.</summary>
    public FigureCount Of(string unit, CompiledFigure figure) => figure.Sum(LanesOf(unit, figure));

    /// <summary>A gauge of a unit.</summary>
    public int Of(string unit, Gauge gauge) => rows.TryGetValue(unit, out var gauges) ? gauges[(int)gauge] : 0;

    /// <summary>A figure's cases by its lanes, see <see cref="CompiledFigure.MissingOf"/>. Empty when there are none.</summary>
    public ReadOnlySpan<int> LanesOf(string unit, CompiledFigure figure) =>
        rows.TryGetValue(unit, out var lanes) ? lanes.AsSpan(figure.FirstLane, figure.LaneCount) : default;

    private void Add(string unit, int[] counters)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, unit, out _);
        row ??= new int[counters.Length];
        for (var i = 0; i < counters.Length; i++)
        {
            row[i] += counters[i];
        }
    }
}
