using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Kpis;

/// <summary>The way from one set of lanes to another: what counts less, what counts more, the same in every row that is counted in. Immutable.</summary>
public sealed class LaneStep
{
    // Eight counters at once, those between that do not change included: adding nothing costs less than a branch that is hard to foresee.
    private readonly Vector256<int>[] changes;
    private readonly int first;

    /// <param name="before">The number of the set that is left.</param>
    /// <param name="less">Its lanes, ascending.</param>
    /// <param name="after">The number of the set that is reached.</param>
    /// <param name="more">Its lanes, ascending.</param>
    /// <param name="weight">See <see cref="Weight"/>.</param>
    internal LaneStep(int before, ReadOnlySpan<ushort> less, int after, ReadOnlySpan<ushort> more, UInt128 weight)
    {
        (Before, After, Weight) = (before, after, weight);
        var row = new int[RowLength(1 + Math.Max(Last(less), Last(more)))];
        foreach (var lane in less)
        {
            row[lane]--;
        }

        foreach (var lane in more)
        {
            row[lane]++;
        }

        var (from, to) = (Array.FindIndex(row, static lane => lane != 0), Array.FindLastIndex(row, static lane => lane != 0));
        first = Math.Max(from, 0) / Vector256<int>.Count;
        changes = [.. MemoryMarshal.Cast<int, Vector256<int>>(row.AsSpan())[first..(from < 0 ? first : (to / Vector256<int>.Count) + 1)]];
    }

    /// <summary>The number of the set that is left; <see cref="LaneSets.None"/> when nothing counted before.</summary>
    public int Before { get; }

    /// <summary>The number of the set that is reached; <see cref="LaneSets.None"/> when nothing counts afterwards.</summary>
    public int After { get; }

    /// <summary>What the step adds to a place's weight in the fingerprint.</summary>
    public UInt128 Weight { get; }

    /// <summary>The length of a row that steps can be taken in, with so many lanes: whole vectors.</summary>
    public static int RowLength(int laneCount) =>
        (laneCount + Vector256<int>.Count - 1) / Vector256<int>.Count * Vector256<int>.Count;

    /// <summary>Takes the step in rows of counters that lie one behind another, so often.</summary>
    /// <param name="counters">The rows.</param>
    /// <param name="length">Of one row, a <see cref="RowLength"/>.</param>
    /// <param name="rows">How many of the rows, from the first.</param>
    /// <param name="count">Less than 0 to take it back.</param>
    public void ApplyTo(Span<int> counters, int length, int rows, int count)
    {
        var all = MemoryMarshal.Cast<int, Vector256<int>>(counters);
        for (var start = first; rows > 0; rows--, start += length / Vector256<int>.Count)
        {
            var row = all.Slice(start, changes.Length);
            for (var i = 0; i < row.Length; i++)
            {
                row[i] += changes[i] * count;
            }
        }
    }

    private static int Last(ReadOnlySpan<ushort> lanes) => lanes.IsEmpty ? 0 : lanes[^1];
}
