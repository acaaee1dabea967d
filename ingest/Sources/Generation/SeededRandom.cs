namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// xoshiro256** seeded by splitmix64 (Blackman and Vigna): the same numbers on every machine and runtime for ever, which
/// <see cref="System.Random"/> does not promise. Integers only, so that no rounding can differ. Mutable; pass by reference.
/// </summary>
internal struct SeededRandom
{
    private ulong s0, s1, s2, s3;

    public SeededRandom(ulong seed)
    {
        s0 = SplitMix(ref seed);
        s1 = SplitMix(ref seed);
        s2 = SplitMix(ref seed);
        s3 = SplitMix(ref seed);
    }

    public ulong Next()
    {
        var result = ulong.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, which must be positive.</summary>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public long Between(long least, long most) => least + Below(most - least + 1);

    /// <summary>As <see cref="Between"/>, but small numbers are much more likely: the mean lies at a quarter of the way.</summary>
    public long Skewed(long least, long most)
    {
        var share = Below(1 << 20) * Below(1 << 20) >> 20;
        return least + ((most - least) * share >> 20);
    }

    /// <summary>True this often in a thousand.</summary>
    public bool Chance(int permille) => Below(1000) < permille;

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
