using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Events;

/// <summary>
/// The newest local day on which a source stated each unit, as the one that received or the one that handles. The order of events does not matter. Owned by
/// one shard; bounded by <see cref="MostUnits"/>, two bytes each; saved in checkpoints.
/// </summary>
/// <param name="units">The engine's table of unit codes: those of the directory come first.</param>
internal sealed class StatedUnits(CodeTable units)
{
    /// <summary>Units that are told apart; the nation has a fifth of that.</summary>
    public const int MostUnits = 1 << 14;

    // By code id; 0 where no unit was stated, and the last place is that of all units beyond the bound. A day of the contract fits into 16 bits.
    private ushort[] newest = new ushort[64];
    private Dictionary<string, int>? copy;

    /// <param name="receiving">Code id; 0 where none was stated.</param>
    /// <param name="handling">Likewise.</param>
    /// <param name="day">Local day number since 1970-01-01.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int receiving, int handling, int day)
    {
        var days = newest;
        if ((uint)receiving >= (uint)days.Length || days[receiving] < day)
        {
            Raise(receiving, day);
        }

        if (handling != receiving)
        {
            days = newest;
            if ((uint)handling >= (uint)days.Length || days[handling] < day)
            {
                Raise(handling, day);
            }
        }
    }

    /// <summary>Adds what an earlier run knew, by code; under the empty text that of all units beyond the bound.</summary>
    public void Add(IReadOnlyDictionary<string, int> saved)
    {
        foreach (var (unit, day) in saved.Where(static one => DayCounter.IsDay(one.Value)))
        {
            Raise(unit.Length == 0 ? MostUnits + 1 : units.Intern(unit), day);
        }
    }

    /// <summary>A copy by code; the one of before when nothing has changed.</summary>
    public IReadOnlyDictionary<string, int> Copy() => copy ??= newest.Index().Where(static unit => unit is { Index: > 0, Item: > 0 })
        .ToDictionary(unit => unit.Index > MostUnits ? "" : units.Text(unit.Index), static unit => (int)unit.Item);

    private void Raise(int unit, int day)
    {
        unit = Math.Min(unit, MostUnits + 1);
        if (unit >= newest.Length)
        {
            Array.Resize(ref newest, Math.Min(Math.Max(unit + 1, newest.Length * 2), MostUnits + 2));
        }

        if (newest[unit] < day)
        {
            newest[unit] = (ushort)day;
            copy = null;
        }
    }
}
