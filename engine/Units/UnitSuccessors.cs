namespace KpiStream.Engine.Units;

/// <summary>
/// <see cref="UnitDirectory.Resolve"/> by code id: a few array reads, and no text except the first time a code is seen. Shared by all shards; bounded
/// by the code table.
/// </summary>
public sealed class UnitSuccessors
{
    private readonly Lock learning = new();
    private readonly CodeTable units;
    private readonly UnitDirectory directory;
    private readonly int[] successor;
    private readonly int[] endDay;

    // By code id the id it is listed under, 0 while nobody has asked. Entries are only ever added, so readers need no lock.
    private int[] listed;

    /// <summary>Interns all codes of the directory.</summary>
    public UnitSuccessors(CodeTable units, UnitDirectory directory)
    {
        this.units = units;
        this.directory = directory;
        var ids = directory.Rows.Select(row => units.Intern(row.Code)).ToArray();
        var links = directory.Rows.Select(row => row.Successor is { } next ? units.Intern(directory.Listed(next)) : 0).ToArray();
        var size = ids.Concat(links).DefaultIfEmpty().Max() + 1;
        successor = new int[size];
        endDay = new int[size];
        listed = new int[size];
        for (var i = 0; i < ids.Length; i++)
        {
            var end = directory.Rows[i].ValidTo;
            successor[ids[i]] = end is null ? 0 : links[i];
            endDay[ids[i]] = end is { } day ? LocalTime.DayOf(day) : int.MaxValue;
            listed[ids[i]] = ids[i];
        }
    }

    /// <summary>The unit a contribution of a local day goes to.</summary>
    public int Resolve(int unit, int localDay)
    {
        var known = Volatile.Read(ref listed);
        unit = (uint)unit < (uint)known.Length && known[unit] is not 0 and var id ? id : Learn(unit);
        while ((uint)unit < (uint)successor.Length && successor[unit] != 0 && localDay >= endDay[unit])
        {
            unit = successor[unit];
        }

        return unit;
    }

    private int Learn(int unit)
    {
        if (unit <= 0)
        {
            return unit;
        }

        lock (learning)
        {
            if (unit >= listed.Length)
            {
                var grown = new int[Math.Max(unit + 1, listed.Length * 2)];
                listed.CopyTo(grown, 0);
                Volatile.Write(ref listed, grown);
            }

            return listed[unit] = units.Intern(directory.Listed(units.Text(unit)));
        }
    }
}
