using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Counters per local day and unit, for ever: months, quarters, years and ranges are sums of days.
/// Bound: unit-days on which something happened, times a <see cref="DayCell"/>. Owned by one shard.
/// </summary>
public sealed class DayCells(LaneSets sets, int laneCount)
{
    // The cells met last, direct-mapped: a stream stays on a few days, and its units are few.
    private const int RecentBits = 10;

    private readonly Dictionary<int, Dictionary<int, DayCell>> days = [];
    private readonly (ulong Key, DayCell Cell)[] recent = new (ulong, DayCell)[1 << RecentBits];

    /// <summary>The days on which anything was ever counted.</summary>
    public IReadOnlyCollection<int> Days => days.Keys;

    /// <summary>The units counted on a day with their counters, which may have come down to zero; null when there are none.</summary>
    public IReadOnlyDictionary<int, DayCell>? On(int day) => days.GetValueOrDefault(day);

    /// <summary>The units counted on each day of a stretch, both its days included.</summary>
    public IEnumerable<IReadOnlyDictionary<int, DayCell>> Within(DateOnly from, DateOnly to)
    {
        var (first, last) = (LocalTime.DayOf(from), LocalTime.DayOf(to));
        var within = last - first < days.Count
            ? Enumerable.Range(first, Math.Max(last - first + 1, 0))
            : days.Keys.Where(day => day >= first && day <= last);
        return within.Select(On).OfType<IReadOnlyDictionary<int, DayCell>>();
    }

    /// <summary>Adds a cell's counters to a row of lanes.</summary>
    public void AddTo(Span<int> row, DayCell cell) => cell.AddTo(row, sets);

    /// <summary>Takes a step in the counters of a unit's day, so often.</summary>
    /// <param name="version">The ledger's from then on.</param>
    public void Apply(int unit, int day, LaneStep step, int count, long version)
    {
        var key = ((ulong)(uint)day << 32) | (uint)unit;
        ref var met = ref recent[(key * 0x9E37_79B9_7F4A_7C15) >> (64 - RecentBits)];
        if (met.Key != key || key == 0)
        {
            met = (key, CellOf(unit, day));
        }

        met.Cell.Apply(step, count, sets, laneCount);
        met.Cell.ChangedAt = version;
    }

    /// <summary>True when a unit counts something else on a day from first to last than it did at a version of the ledger.</summary>
    public bool HasChanged(int unit, int first, int last, long since)
    {
        // Asked for every unit at every publication: Within would allocate each time.
        if (last - first >= days.Count)
        {
            foreach (var (day, units) in days)
            {
                if (day >= first && day <= last && units.TryGetValue(unit, out var cell) && cell.ChangedAt > since)
                {
                    return true;
                }
            }

            return false;
        }

        for (var day = first; day <= last; day++)
        {
            if (days.TryGetValue(day, out var units) && units.TryGetValue(unit, out var cell) && cell.ChangedAt > since)
            {
                return true;
            }
        }

        return false;
    }

    private DayCell CellOf(int unit, int day)
    {
        ref var units = ref CollectionsMarshal.GetValueRefOrAddDefault(days, day, out _);
        units ??= [];
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(units, unit, out _);
        return cell ??= new DayCell();
    }
}
