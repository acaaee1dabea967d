using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// A row of counters per unit, one counter per lane (see <see cref="CompiledFigure"/>). Rows appear when a unit is first counted.
/// Bound: units seen times lanes times four bytes. Owned by one shard.
/// </summary>
public sealed class LaneRows(int laneCount)
{
    private int[]?[] rows = new int[]?[256];

    /// <summary>One more than the highest unit that may have a row.</summary>
    public int UnitEnd => rows.Length;

    /// <summary>A unit's counters; empty when it has none.</summary>
    public ReadOnlySpan<int> this[int unit] => unit < rows.Length ? rows[unit] : default;

    /// <summary>Takes a step in a unit's counters, so often.</summary>
    public void Apply(int unit, LaneStep step, int count)
    {
        if (unit >= rows.Length)
        {
            Array.Resize(ref rows, Math.Max(unit + 1, rows.Length * 2));
        }

        step.ApplyTo(rows[unit] ??= new int[laneCount], count);
    }
}
