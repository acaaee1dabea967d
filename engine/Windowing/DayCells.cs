using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Counters per local day and unit, for ever: months, quarters, years and ranges are sums of days (spec section 5).
/// Bound: unit-days on which something happened, times lanes times four bytes (about 390 bytes under the shipped rulebook, with what finds them). Owned by one shard.
/// </summary>
public sealed class DayCells(int laneCount)
{
    // The cells met last, direct-mapped: a stream stays on a few days, and its units are few.
    private const int RecentBits = 10;

    private readonly Dictionary<int, Dictionary<int, int[]>> days = [];
    private readonly (ulong Key, int[] Cell)[] recent = new (ulong, int[])[1 << RecentBits];

    /// <summary>The days on which anything was ever counted.</summary>
    public IReadOnlyCollection<int> Days => days.Keys;

    /// <summary>The units counted on a day with their counters, which may have come down to zero; null when there are none.</summary>
    public IReadOnlyDictionary<int, int[]>? On(int day) => days.GetValueOrDefault(day);

    /// <summary>Takes a step in the counters of a unit's day, so often.</summary>
    public void Apply(int unit, int day, LaneStep step, int count)
    {
        var key = ((ulong)(uint)day << 32) | (uint)unit;
        ref var met = ref recent[(key * 0x9E37_79B9_7F4A_7C15) >> (64 - RecentBits)];
        if (met.Key != key || key == 0)
        {
            met = (key, CellOf(unit, day));
        }

        step.ApplyTo(met.Cell, met.Cell.Length, 1, count);
    }

    private int[] CellOf(int unit, int day)
    {
        ref var units = ref CollectionsMarshal.GetValueRefOrAddDefault(days, day, out _);
        units ??= [];
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(units, unit, out _);
        return cell ??= new int[LaneStep.RowLength(laneCount)];
    }
}
