using System.Numerics;

namespace KpiStream.Engine.Cases;

/// <summary>
/// Registers one at a time: how values of equal stamp are ordered (null lowest, words by their position,
/// numbers and instants by size, text by UTF-8 bytes, the parent by its pseudonym's bytes, false below true) and how one is copied.
/// </summary>
public static class RegisterOrder
{
    /// <summary>Orders one register's values in two sets.</summary>
    public static int Compare(CaseKey key, in Registers left, in Registers right, CodeBook codes) => key switch
    {
        CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended => left.InstantOf(key).CompareTo(right.InstantOf(key)),
        CaseKey.Fee => left.FeePlusOne.CompareTo(right.FeePlusOne),
        CaseKey.Parent => left.Parent.CompareTo(right.Parent),
        _ => codes.TableOf(key) is { } table ? table.Compare(left.CodeOf(key), right.CodeOf(key)) : left.PackedValue(key).CompareTo(right.PackedValue(key)),
    };

    /// <summary>Copies the values of some registers.</summary>
    /// <param name="keys">Bits <see cref="CaseKey"/>.</param>
    public static void Copy(uint keys, in Registers from, ref Registers to)
    {
        for (; keys != 0; keys &= keys - 1)
        {
            Copy((CaseKey)BitOperations.TrailingZeroCount(keys), in from, ref to);
        }
    }

    private static void Copy(CaseKey key, in Registers from, ref Registers to)
    {
        switch (key)
        {
            case CaseKey.Source: to.Source = from.Source; break;
            case CaseKey.Procedure: to.Procedure = from.Procedure; break;
            case CaseKey.Field: to.Field = from.Field; break;
            case CaseKey.Receiving: to.Receiving = from.Receiving; break;
            case CaseKey.Handling: to.Handling = from.Handling; break;
            case CaseKey.Filed: to.Filed = from.Filed; break;
            case CaseKey.Accepted: to.Accepted = from.Accepted; break;
            case CaseKey.Due: to.Due = from.Due; break;
            case CaseKey.Ended: to.Ended = from.Ended; break;
            case CaseKey.Fee: to.FeePlusOne = from.FeePlusOne; break;
            case CaseKey.Parent: to.Parent = from.Parent; break;
            default: to.SetPacked(key, from.PackedValue(key)); break;
        }
    }
}
