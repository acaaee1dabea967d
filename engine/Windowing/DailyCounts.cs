using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>The cases of one figure by unit and local day: copied from a shard on its own thread. Bound: units times days.</summary>
public static class DailyCounts
{
    /// <param name="ledger">The ledger, standing still.</param>
    /// <param name="figure">Whose denominators.</param>
    /// <param name="from">The first local day.</param>
    /// <param name="to">The last local day.</param>
    /// <returns>By code id the counts of all days, for units that have any.</returns>
    public static Dictionary<int, int[]> Of(ContributionLedger ledger, CompiledFigure figure, int from, int to)
    {
        var units = new Dictionary<int, int[]>();
        var lanes = new int[ledger.LaneCount];
        foreach (var day in ledger.Days.Days.Where(day => day >= from && day <= to))
        {
            foreach (var (unit, cell) in ledger.Days.On(day)!)
            {
                Array.Clear(lanes);
                ledger.Days.AddTo(lanes, cell);
                if (figure.Sum(lanes.AsSpan(figure.FirstLane, figure.LaneCount)).Denominator is > 0 and var cases)
                {
                    ref var days = ref CollectionsMarshal.GetValueRefOrAddDefault(units, unit, out _);
                    (days ??= new int[to - from + 1])[day - from] = (int)cases;
                }
            }
        }

        return units;
    }
}
