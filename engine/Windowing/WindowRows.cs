using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// A row of counters per unit and window, one counter per lane (see <see cref="CompiledFigure"/>). A unit's rows lie one behind another, because what counts in a window
/// counts in all longer ones as well. They appear when the unit is first counted.
/// Bound: units seen times windows times lanes times four bytes. Owned by one shard.
/// </summary>
internal sealed class WindowRows(int laneCount, int windows)
{
    private readonly int length = LaneStep.RowLength(laneCount);
    private int[]?[] units = new int[]?[256];

    /// <summary>One more than the highest unit that may have rows.</summary>
    public int UnitEnd => units.Length;

    /// <summary>A unit's counters in a window; empty when it has none.</summary>
    public ReadOnlySpan<int> Of(int unit, int window) =>
        unit < units.Length && units[unit] is { } counters ? counters.AsSpan(window * length, laneCount) : default;

    /// <summary>Takes a step in some windows of a unit, so often.</summary>
    /// <param name="unit">Code id.</param>
    /// <param name="first">The first of the windows.</param>
    /// <param name="count">How many windows.</param>
    /// <param name="step">The step.</param>
    /// <param name="often">Less than 0 to take it back.</param>
    public void Apply(int unit, int first, int count, LaneStep step, int often)
    {
        if (unit >= units.Length)
        {
            Array.Resize(ref units, Math.Max(unit + 1, units.Length * 2));
        }

        step.ApplyTo((units[unit] ??= new int[windows * length]).AsSpan(first * length), length, count, often);
    }
}
