namespace KpiStream.Engine.Kpis;

/// <summary>
/// A multiset hash over contributions: the sum, modulo 2^128, over every (case, figure, unit, second, outcome), of a hash of
/// case, unit and second times a hash of figure and outcome. A sum can be retracted from and does not know order, shards or restarts; and what
/// several figures count at one place is one product with the sum of their weights.
/// </summary>
public struct Fingerprint : IEquatable<Fingerprint>
{
    private UInt128 sum;

    /// <summary>Adds contributions at one place.</summary>
    /// <param name="place">From <see cref="Place"/>.</param>
    /// <param name="weight">From <see cref="Weight"/>, or a sum of such; less what is taken back there.</param>
    public void Add(UInt128 place, UInt128 weight) => sum += place * weight;

    /// <summary>Joins what two shards have seen.</summary>
    public void Merge(Fingerprint other) => sum += other.sum;

    /// <summary>What the figures of one contribution have in common: case, unit and second, hashed.</summary>
    /// <param name="id">The case's pseudonym, random already.</param>
    /// <param name="unit">From <see cref="CodeHash(string)"/> of the unit's code.</param>
    /// <param name="second">Seconds since 1970.</param>
    public static UInt128 Place(CaseId id, ulong unit, long second)
    {
        var low = ((ulong)second * 0x9E37_79B9_7F4A_7C15) + unit;
        var high = ((ulong)second * 0xD1B5_4A32_D192_ED03) ^ ulong.RotateLeft(unit, 32);
        return new UInt128(Mix(id.Hi ^ high), Mix(id.Lo ^ low));
    }

    /// <summary>
    /// What a figure has in common with itself: its id and what becomes of the case in it, hashed. Odd, so that no place is lost in a product.
    /// </summary>
    /// <param name="figure">From <see cref="CodeHash(string)"/> of the figure's id.</param>
    /// <param name="outcome">Counted, not counted or unobserved.</param>
    public static UInt128 Weight(ulong figure, Outcome outcome)
    {
        var word = figure + ((ulong)outcome * 0x6A09_E667_F3BC_C909UL);
        return new UInt128(Mix(word), Mix(word + 0x9E37_79B9_7F4A_7C15) | 1);
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

    // The finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
