using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// What counts per unit and window: a row of counters, one per lane (see <see cref="CompiledFigure"/>), once a unit counts in more than a few sets of
/// lanes, and a <see cref="FewCounts"/> until then. What counts in a window counts in all longer ones as well, so the rows of four windows lie side by side: a
/// lane's four counters are one vector, and change together.
/// Bound: units seen times windows, rounded up to fours, times lanes times four bytes; a unit of few cases, like a code of no directory, takes some 300 bytes.
/// Owned by one shard.
/// </summary>
internal sealed class WindowRows(LaneSets sets, int laneCount, int windows)
{
    // Windows whose counters are one vector; a block has one for each lane, and blocks lie one behind another.
    private const int Together = 4;

    private readonly int blocks = (windows + Together - 1) / Together;
    private readonly Vector128<int>[] stretches = StretchesOf(windows, (windows + Together - 1) / Together);
    private Vector128<int>[]?[] units = new Vector128<int>[]?[256];
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
            var (block, place) = Math.DivRem(window, Together);
            var own = MemoryMarshal.Cast<Vector128<int>, int>(counters.AsSpan(block * laneCount, laneCount));
            for (var lane = 0; lane < laneCount; lane++)
            {
                row[lane] += own[(lane * Together) + place];
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
    /// <param name="often">Less than 0 to take it back.</param>
    public void Apply(int unit, int first, int count, LaneStep step, int often)
    {
        ref var counters = ref ById.At(ref units, unit);
        if (counters is null)
        {
            // Grown by the same ids as the rows, and so always as long.
            ref var noted = ref ById.At(ref few, unit);
            noted ??= new FewCounts(windows);
            if (noted.TryApply(first, count, step, often))
            {
                return;
            }

            (counters, noted) = (RowsOf(noted), null);
        }

        var meant = ((first * (windows + 1)) + count) * blocks;
        for (var block = 0; block < blocks; block++)
        {
            step.ApplyTo(counters.AsSpan(block * laneCount, laneCount), stretches[meant + block] & Vector128.Create(often));
        }
    }

    /// <summary>For every first window and number of windows the counters meant, all their bits set.</summary>
    private static Vector128<int>[] StretchesOf(int windows, int blocks) =>
        [.. from first in Enumerable.Range(0, windows)
            from count in Enumerable.Range(0, windows + 1)
            from block in Enumerable.Range(0, blocks)
            let place = Vector128.Create(0, 1, 2, 3) + Vector128.Create((block * Together) - first)
            select Vector128.GreaterThanOrEqual(place, Vector128<int>.Zero) & Vector128.LessThan(place, Vector128.Create(count))];

    private Vector128<int>[] RowsOf(FewCounts noted)
    {
        var counters = new Vector128<int>[blocks * laneCount];
        var row = new int[laneCount];
        for (var window = 0; window < windows; window++)
        {
            Array.Clear(row);
            noted.AddTo(row, window, sets);
            var (block, place) = Math.DivRem(window, Together);
            for (var lane = 0; lane < laneCount; lane++)
            {
                ref var counter = ref counters[(block * laneCount) + lane];
                counter = counter.WithElement(place, row[lane]);
            }
        }

        return counters;
    }
}
