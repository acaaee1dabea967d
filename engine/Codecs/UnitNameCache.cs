namespace KpiStream.Engine.Codecs;

/// <summary>
/// Remembers what unit names mean, by their bytes, so that a name seen before is found without making a string. Owned by one decoder;
/// holds at most <see cref="Capacity"/> names, and a source that sends more different ones than there are units only makes itself slower.
/// </summary>
internal sealed class UnitNameCache(IUnitNames units)
{
    /// <summary>About twice the communes of the country with a few spellings each.</summary>
    public const int Capacity = 16_384;

    private readonly Dictionary<byte[], byte[]> codes = new(new BytesComparer());

    /// <summary>The unit's code; the name itself when no unit, or more than one, is called so.</summary>
    public ReadOnlySpan<byte> CodeOf(ReadOnlySpan<byte> name)
    {
        var known = codes.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (known.TryGetValue(name, out var found))
        {
            return found;
        }

        if (units.CodeOf(Encoding.UTF8.GetString(name)) is not { } text)
        {
            return name; // not remembered: what is no unit's name may be anything
        }

        var code = Encoding.UTF8.GetBytes(text);
        if (codes.Count < Capacity)
        {
            known[name] = code;
        }

        return code;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
