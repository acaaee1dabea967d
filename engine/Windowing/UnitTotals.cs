using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Rows of counters, lanes or gauges, by unit code, parents included: roll-ups exist only here, when something is published, exported or asked for.
/// </summary>
public sealed class UnitTotals
{
    private readonly Dictionary<string, int[]> rows;

    /// <param name="parts">The rows of all shards by code id; left as they are.</param>
    /// <param name="text">From code id to code.</param>
    /// <param name="directory">Who is above whom.</param>
    /// <param name="rollUp">False to leave parents with their own counters alone.</param>
    public UnitTotals(IEnumerable<KeyValuePair<int, int[]>> parts, Func<int, string> text, UnitDirectory directory, bool rollUp = true)
    {
        rows = [];
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

    /// <summary>Earlier totals, parents included, moved by what has changed since. The rows of all other units are theirs.</summary>
    /// <param name="before">The totals then.</param>
    /// <param name="parts">The rows of every shard then and now, which share those that have not changed; there are none that have gone.</param>
    /// <param name="text">From code id to code.</param>
    /// <param name="directory">Who is above whom.</param>
    public UnitTotals(
        UnitTotals before, IEnumerable<(IReadOnlyDictionary<int, int[]> Before, IReadOnlyDictionary<int, int[]> Now)> parts, Func<int, string> text,
        UnitDirectory directory)
    {
        rows = new(before.rows);
        var own = new HashSet<string>();
        foreach (var (then, now) in parts)
        {
            foreach (var (unit, counters) in now)
            {
                if (then.GetValueOrDefault(unit) is var known && !ReferenceEquals(known, counters))
                {
                    var code = text(unit);
                    foreach (var shown in directory.Above(code).Prepend(code))
                    {
                        Move(shown, known, counters, own);
                    }
                }
            }
        }
    }

    /// <summary>Codes with counters.</summary>
    public IEnumerable<string> Units => rows.Keys;

    /// <summary>True when a unit counts the same in both.</summary>
    public bool IsSame(string unit, UnitTotals other) => rows.GetValueOrDefault(unit).AsSpan().SequenceEqual(other.rows.GetValueOrDefault(unit));

    public FigureCount Of(string unit, CompiledFigure figure) => figure.Sum(LanesOf(unit, figure));

    public int Of(string unit, Gauge gauge) => rows.TryGetValue(unit, out var gauges) ? gauges[(int)gauge] : 0;

    /// <summary>A unit's lanes, of all figures. Empty when there are none.</summary>
    public ReadOnlySpan<int> LanesOf(string unit) => rows.GetValueOrDefault(unit);

    /// <summary>A figure's cases by its lanes, see <see cref="CompiledFigure.MissingOf"/>. Empty when there are none.</summary>
    public ReadOnlySpan<int> LanesOf(string unit, CompiledFigure figure) => figure.Of(LanesOf(unit));

    private void Move(string unit, int[]? from, int[] to, HashSet<string> own)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, unit, out _);
        if (own.Add(unit))
        {
            row = row is null ? new int[to.Length] : [.. row];
        }

        for (var i = 0; i < to.Length; i++)
        {
            row![i] += to[i] - (from is null ? 0 : from[i]);
        }
    }

    private void Add(string unit, int[] counters)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, unit, out _);
        CounterRow.Add<int>(row ??= new int[counters.Length], counters);
    }
}
