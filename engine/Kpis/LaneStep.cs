namespace KpiStream.Engine.Kpis;

/// <summary>The way from one set of lanes to another: what counts less, what counts more, the same in every row that is counted in. Immutable.</summary>
public sealed class LaneStep
{
    private readonly ushort[] less;
    private readonly ushort[] more;

    internal LaneStep(ReadOnlySpan<ushort> before, ReadOnlySpan<ushort> after, UInt128 weight)
    {
        less = Without(before, after);
        more = Without(after, before);
        Weight = weight;
    }

    /// <summary>What the step adds to a place's weight in the fingerprint.</summary>
    public UInt128 Weight { get; }

    /// <summary>Takes the step in a row of counters, so often.</summary>
    public void ApplyTo(int[] row, int count)
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

    private static ushort[] Without(ReadOnlySpan<ushort> lanes, ReadOnlySpan<ushort> others)
    {
        var left = new List<ushort>(lanes.Length);
        foreach (var lane in lanes)
        {
            if (!others.Contains(lane))
            {
                left.Add(lane);
            }
        }

        return [.. left];
    }
}
