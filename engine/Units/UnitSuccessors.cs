using KpiStream.Engine.Events;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Units;

/// <summary>
/// <see cref="UnitDirectory.Resolve"/> by code id: two array reads for a unit that is still valid, and no text. Immutable and shared.
/// </summary>
public sealed class UnitSuccessors
{
    private readonly int[] successor;
    private readonly int[] endDay;

    /// <summary>Interns all codes of the directory.</summary>
    public UnitSuccessors(CodeTable units, UnitDirectory directory)
    {
        var ids = directory.Rows.Select(row => units.Intern(row.Code)).ToArray();
        var links = directory.Rows.Select(row => row.Successor is { } next ? units.Intern(next) : 0).ToArray();
        var size = ids.Concat(links).DefaultIfEmpty().Max() + 1;
        successor = new int[size];
        endDay = new int[size];
        for (var i = 0; i < ids.Length; i++)
        {
            var end = directory.Rows[i].ValidTo;
            successor[ids[i]] = end is null ? 0 : links[i];
            endDay[ids[i]] = end is { } day ? LocalTime.DayOf(day) : int.MaxValue;
        }
    }

    /// <summary>The unit a contribution of a local day goes to.</summary>
    public int Resolve(int unit, int localDay)
    {
        while ((uint)unit < (uint)successor.Length && successor[unit] != 0 && localDay >= endDay[unit])
        {
            unit = successor[unit];
        }

        return unit;
    }
}
