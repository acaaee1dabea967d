using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Kpis;

/// <summary>The way from one set of lanes to another: what counts less, what counts more, the same wherever it is counted. Immutable.</summary>
public sealed class LaneStep
{
    // Only the lanes in which the sets differ: most changes of a case touch two or three.
    private readonly ushort[] less;
    private readonly ushort[] more;

    /// <param name="before">The number of the set that is left.</param>
    /// <param name="less">Its lanes, ascending.</param>
    /// <param name="after">The number of the set that is reached.</param>
    /// <param name="more">Its lanes, ascending.</param>
    /// <param name="weight">See <see cref="Weight"/>.</param>
    internal LaneStep(int before, ushort[] less, int after, ushort[] more, UInt128 weight)
    {
        (Before, After, Weight) = (before, after, weight);
        this.less = Array.FindAll(less, lane => !more.Contains(lane));
        this.more = Array.FindAll(more, lane => !less.Contains(lane));
    }

    /// <summary>The number of the set that is left; <see cref="LaneSets.None"/> when nothing counted before.</summary>
    public int Before { get; }

    /// <summary>The number of the set that is reached; <see cref="LaneSets.None"/> when nothing counts afterwards.</summary>
    public int After { get; }

    /// <summary>What the step adds to a place's weight in the fingerprint.</summary>
    public UInt128 Weight { get; }

    /// <summary>Takes the step in a row of counters, one for each lane, so often.</summary>
    /// <param name="count">Less than 0 to take it back.</param>
    public void ApplyTo(Span<int> row, int count)
    {
        foreach (var lane in less)
        {
            row[lane] -= count;
        }

        foreach (var lane in more)
        {
            row[lane] += count;
        }
    }

    /// <summary>Takes the step in rows that lie side by side, so that the counters of a lane are one vector.</summary>
    /// <param name="rows">A vector for each lane.</param>
    /// <param name="counts">How often in each of the rows.</param>
    public void ApplyTo(Span<Vector128<int>> rows, Vector128<int> counts)
    {
        foreach (var lane in less)
        {
            rows[lane] -= counts;
        }

        foreach (var lane in more)
        {
            rows[lane] += counts;
        }
    }
}
