namespace KpiStream.Engine.Snapshots;

/// <summary>Numbers and names as bytes, one behind another, in a buffer of a fixed size. Owned by one shard or one flow.</summary>
/// <param name="buffer">Where they go; the writer makes sure that they have room.</param>
public ref struct SnapshotWriter(Span<byte> buffer)
{
    private const int MoreToCome = 0x80;

    private readonly Span<byte> buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>A number of seven bits a byte, the lowest first, the eighth bit set on all but the last: at most ten bytes.</summary>
    public void Write(ulong number)
    {
        for (; number >= MoreToCome; number >>= 7)
        {
            buffer[Length++] = (byte)(number | MoreToCome);
        }

        buffer[Length++] = (byte)number;
    }

    /// <summary>A number that may be negative: doubled, and inverted when it is.</summary>
    public void WriteSigned(long number) => Write((ulong)((number << 1) ^ (number >> 63)));

    /// <summary>The 16 bytes of a pseudonym.</summary>
    public void Write(CaseId id)
    {
        id.Write(buffer[Length..]);
        Length += CaseId.ByteCount;
    }

    /// <summary>Some bytes behind their number.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write((ulong)bytes.Length);
        bytes.CopyTo(buffer[Length..]);
        Length += bytes.Length;
    }
}
