namespace KpiStream.Engine.Events;

/// <summary>
/// The values of a case's registers, packed: plain fields, no references. In every field 0 is null and null is the lowest,
/// so the default value is a case of which nothing is known. Text registers hold ids of a <see cref="CodeTable"/>.
/// </summary>
public struct Registers : IEquatable<Registers>
{
    /// <summary>Instants, milliseconds since 1970 UTC; 0 is null (accepted instants begin in 2000).</summary>
    public long Filed, Accepted, Due, Ended;

    /// <summary>Đồng due plus one; 0 is null.</summary>
    public long FeePlusOne;

    /// <summary>Ids in the code book; 0 is null.</summary>
    public int Source, Procedure, Field, Receiving, Handling;

    /// <summary>Status, words and flags, see <see cref="WordLayout"/>.</summary>
    public ulong Packed;

    /// <summary>The linking case; default is null.</summary>
    public CaseId Parent;

    /// <summary>The id of a text register; 0 for null, and for keys without a table in <see cref="CodeBook.TableOf"/>.</summary>
    public readonly int CodeOf(CaseKey key) => key switch
    {
        CaseKey.Source => Source,
        CaseKey.Procedure => Procedure,
        CaseKey.Field => Field,
        CaseKey.Receiving => Receiving,
        CaseKey.Handling => Handling,
        _ => 0,
    };

    /// <summary>The instant of a register, milliseconds; 0 for null, and for keys that are no instants.</summary>
    public readonly long InstantOf(CaseKey key) => key switch
    {
        CaseKey.Filed => Filed,
        CaseKey.Accepted => Accepted,
        CaseKey.Due => Due,
        CaseKey.Ended => Ended,
        _ => 0,
    };

    /// <summary>A packed value: the status number, a word's code, or a flag (1 false, 2 true); 0 is null.</summary>
    public readonly int PackedValue(CaseKey key) => (int)((Packed >> WordLayout.ShiftOf(key)) & WordLayout.MaskOf(key));

    public void SetPacked(CaseKey key, int value)
    {
        var shift = WordLayout.ShiftOf(key);
        Packed = (Packed & ~((ulong)WordLayout.MaskOf(key) << shift)) | ((ulong)(uint)value << shift);
    }

    /// <summary>True when the flag is stated and true; unstated flags are false.</summary>
    public readonly bool IsTrue(CaseKey key) => PackedValue(key) == WordLayout.True;

    public readonly bool Equals(Registers other) =>
        Packed == other.Packed && Filed == other.Filed && Accepted == other.Accepted && Due == other.Due && Ended == other.Ended
        && FeePlusOne == other.FeePlusOne && Source == other.Source && Procedure == other.Procedure && Field == other.Field
        && Receiving == other.Receiving && Handling == other.Handling && Parent == other.Parent;

    public static bool operator ==(in Registers left, in Registers right) => left.Equals(right);

    public static bool operator !=(in Registers left, in Registers right) => !left.Equals(right);

    public override readonly bool Equals(object? obj) => obj is Registers other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Packed, Accepted, Ended, Handling);
}
