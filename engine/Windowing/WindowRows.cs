using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// What counts per unit and window: a row of counters, one per lane (see <see cref="CompiledFigure"/>), once a unit counts in more than a few sets of
/// lanes, and a
/// <see cref="FewCounts"/> until then. A unit's rows lie one behind another, because what counts in a window counts in all longer ones as well.
/// Bound: units seen times windows times lanes times four bytes; a unit of few cases, like a code of no directory, takes some 300 bytes. Owned by one shard.
/// </summary>
internal sealed class WindowRows(LaneSets sets, int laneCount, int windows)
{
    private readonly int length = LaneStep.RowLength(laneCount);
    private int[]?[] units = new int[]?[256];
    private FewCounts?[] few = new FewCounts?[256];

    /// <summary>One more than the highest unit that may have counters.</summary>
    public int UnitEnd => units.Length;

    /// <summary>True for a unit that was ever counted.</summary>
    public bool Has(int unit) => unit < units.Length && (units[unit] is not null || few[unit] is not null);

    /// <summary>Adds a unit's counters in a window to a row of lanes.</summary>
    public void AddTo(Span<int> row, int unit, int window)
    {
        if (unit >= units.Length)
        {
            return;
        }

        if (units[unit] is { } counters)
        {
            var own = counters.AsSpan(window * length, laneCount);
            for (var lane = 0; lane < own.Length; lane++)
            {
                row[lane] += own[lane];
            }
        }
        else
        {
            few[unit]?.AddTo(row, window, sets);
        }
    }

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
            var end = Math.Max(unit + 1, units.Length * 2);
            Array.Resize(ref units, end);
            Array.Resize(ref few, end);
        }

        var counters = units[unit];
        if (counters is null)
        {
            var noted = few[unit] ??= new FewCounts();
            if (noted.TryApply(first, count, step, often))
            {
                return;
            }

            units[unit] = counters = RowsOf(noted);
            few[unit] = null;
        }

        step.ApplyTo(counters.AsSpan(first * length), length, count, often);
    }

    private int[] RowsOf(FewCounts noted)
    {
        var counters = new int[windows * length];
        for (var window = 0; window < windows; window++)
        {
            noted.AddTo(counters.AsSpan(window * length, laneCount), window, sets);
        }

        return counters;
    }
}
