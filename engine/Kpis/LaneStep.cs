using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Kpis;

/// <summary>The way from one set of lanes to another: what counts less, what counts more, the same in every row that is counted in. Immutable.</summary>
public sealed class LaneStep
{
    // Eight counters at once, and only where something changes: the lanes of a case lie in few of a row's stretches.
    private readonly int[] places;
    private readonly Vector256<int>[] changes;

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

        var stretches = MemoryMarshal.Cast<int, Vector256<int>>(row.AsSpan()).ToArray();
        places = [.. Enumerable.Range(0, stretches.Length).Where(place => stretches[place] != Vector256<int>.Zero)];
        changes = [.. places.Select(place => stretches[place])];
    }

    /// <summary>The number of the set that is left; <see cref="LaneSets.None"/> when nothing counted before.</summary>
    public int Before { get; }

    /// <summary>The number of the set that is reached; <see cref="LaneSets.None"/> when nothing counts afterwards.</summary>
    public int After { get; }

    /// <summary>What the step adds to a place's weight in the fingerprint.</summary>
    public UInt128 Weight { get; }

    /// <summary>The length of a row that steps can be taken in, with this many lanes: whole vectors.</summary>
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
        length /= Vector256<int>.Count;
        for (var i = 0; i < places.Length; i++)
        {
            var change = changes[i] * count;
            for (var (at, row) = (places[i], 0); row < rows; row++, at += length)
            {
                all[at] += change;
            }
        }
    }

    private static int Last(ReadOnlySpan<ushort> lanes) => lanes.IsEmpty ? 0 : lanes[^1];
}
