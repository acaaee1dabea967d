using System.Text;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// A multiset hash over contributions (spec section 8): the sum, modulo 2^128, of a hash of every
/// (case, figure, unit, second, numerator bit). A sum can be retracted from and does not know order, shards or restarts.
/// </summary>
public struct Fingerprint : IEquatable<Fingerprint>
{
    private UInt128 sum;

    /// <summary>Adds one contribution of one figure.</summary>
    /// <param name="place">From <see cref="Place"/>.</param>
    /// <param name="figure">From <see cref="CodeHash(string)"/> of the figure's id.</param>
    /// <param name="inNumerator">The numerator bit.</param>
    public void Add(UInt128 place, ulong figure, bool inNumerator) => sum += Element(place, figure, inNumerator);

    /// <summary>Takes one back.</summary>
    public void Remove(UInt128 place, ulong figure, bool inNumerator) => sum -= Element(place, figure, inNumerator);

    /// <summary>Joins what two shards have seen.</summary>
    public void Merge(Fingerprint other) => sum += other.sum;

    /// <summary>What the figures of one contribution have in common: case, unit and second, hashed.</summary>
    /// <param name="id">The case's pseudonym, random already.</param>
    /// <param name="unit">From <see cref="CodeHash(string)"/> of the unit's code.</param>
    /// <param name="second">Seconds since 1970.</param>
    public static UInt128 Place(CaseId id, ulong unit, long second)
    {
        var low = Mix(id.Lo ^ Mix((ulong)second + 0x9E37_79B9_7F4A_7C15));
        var high = Mix(id.Hi ^ Mix(unit + 0xD1B5_4A32_D192_ED03));
        return new UInt128(Mix(high + low), Mix(high ^ ulong.RotateLeft(low, 32)));
    }

    /// <summary>A hash of a unit's code or a figure's id by its text, so that ids given in order of appearance do not matter.</summary>
    public static ulong CodeHash(ReadOnlySpan<byte> code)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in code)
        {
            hash = (hash ^ b) * 1_099_511_628_211UL;
        }

        return Mix(hash);
    }

    /// <inheritdoc cref="CodeHash(ReadOnlySpan{byte})"/>
    public static ulong CodeHash(string code) => CodeHash(Encoding.UTF8.GetBytes(code));

    public readonly bool Equals(Fingerprint other) => sum == other.sum;

    public override readonly bool Equals(object? obj) => obj is Fingerprint other && Equals(other);

    public override readonly int GetHashCode() => sum.GetHashCode();

    public static bool operator ==(Fingerprint left, Fingerprint right) => left.Equals(right);

    public static bool operator !=(Fingerprint left, Fingerprint right) => !left.Equals(right);

    /// <summary>Thirty-two hexadecimal digits.</summary>
    public override readonly string ToString() => $"{(ulong)(sum >> 64):x16}{(ulong)sum:x16}";

    private static UInt128 Element(UInt128 place, ulong figure, bool inNumerator)
    {
        var word = figure + (inNumerator ? 0x6A09_E667_F3BC_C909UL : 0);
        return new UInt128(Mix((ulong)(place >> 64) + word), Mix((ulong)place ^ word));
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
