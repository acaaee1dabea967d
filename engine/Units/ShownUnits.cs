namespace KpiStream.Engine.Units;

/// <summary>
/// Under which unit a board and the API show what is counted of a code. Codes of no directory come from the stream, in any number: the first
/// <see cref="MostUnlisted"/> are shown by themselves, all others together as <see cref="Others"/>. Exports and cases keep every code.
/// </summary>
public sealed class ShownUnits(CodeTable units, UnitDirectory directory)
{
    /// <summary>The most codes of no directory shown by themselves. A province with more has sent something else than unit codes.</summary>
    public const int MostUnlisted = 5_000;

    /// <summary>The unit that stands for all further codes.</summary>
    public const string Others = "~";

    private readonly Lock learning = new();

    // By code id the id it is shown under, 0 while nobody has asked. Entries are only ever added, so readers need no lock.
    private int[] shown = new int[256];
    private int unlisted;
    private int folded;

    /// <summary>Codes of no directory seen with something counted, <see cref="Folded"/> included.</summary>
    public int Unlisted => Volatile.Read(ref unlisted);

    /// <summary>Of them, those shown as <see cref="Others"/>.</summary>
    public int Folded => Volatile.Read(ref folded);

    /// <summary>The unit a code is shown under. Successors have been applied.</summary>
    public int Of(int unit)
    {
        var known = Volatile.Read(ref shown);
        return (uint)unit < (uint)known.Length && known[unit] is not 0 and var id ? id : Learn(unit);
    }

    private int Learn(int unit)
    {
        if (unit <= 0)
        {
            return unit;
        }

        lock (learning)
        {
            if (unit >= shown.Length)
            {
                var grown = new int[Math.Max(unit + 1, shown.Length * 2)];
                shown.CopyTo(grown, 0);
                Volatile.Write(ref shown, grown);
            }

            // Another thread may have learned it while this one waited: no code is counted twice.
            return shown[unit] != 0 ? shown[unit] : shown[unit] = Choose(unit);
        }
    }

    private int Choose(int unit)
    {
        var code = units.Text(unit);
        if (directory.Find(code) is not null || code is UnitDirectory.Unstated or Others)
        {
            return unit;
        }

        if (++unlisted <= MostUnlisted)
        {
            return unit;
        }

        folded++;
        return units.Intern(Others);
    }
}
