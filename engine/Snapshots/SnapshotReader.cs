namespace KpiStream.Engine.Snapshots;

/// <summary>
/// Reads what a <see cref="SnapshotWriter"/> wrote. Bytes that it did not write make it broken and never throw; what was read then means nothing.
/// </summary>
/// <param name="bytes">What was written.</param>
public ref struct SnapshotReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>True once something was not there, or was out of its range.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when nothing is left to read.</summary>
    public readonly bool IsAtEnd => IsBroken || at >= bytes.Length;

    /// <summary>Says that what was read makes no sense.</summary>
    public void Break() => IsBroken = true;

    /// <summary>As <see cref="SnapshotWriter.Write(ulong)"/> wrote it.</summary>
    public ulong Read()
    {
        var number = 0UL;
        for (var shift = 0; at < bytes.Length && shift < 64; shift += 7)
        {
            var one = bytes[at++];
            number |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return number;
            }
        }

        IsBroken = true;
        return 0;
    }

    /// <summary>A number below a bound; 0, and broken, when it is not.</summary>
    public ulong ReadBelow(ulong bound)
    {
        var number = Read();
        IsBroken |= number >= bound;
        return number < bound ? number : 0;
    }

    /// <summary>As <see cref="SnapshotWriter.WriteSigned"/> wrote it.</summary>
    public long ReadSigned()
    {
        var number = Read();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    /// <summary>A pseudonym; never the value that means "no case".</summary>
    public CaseId ReadId()
    {
        var id = default(CaseId);
        if (bytes.Length - at < CaseId.ByteCount || !CaseId.TryRead(bytes.Slice(at, CaseId.ByteCount), out id))
        {
            IsBroken = true;
            return id;
        }

        at += CaseId.ByteCount;
        return id;
    }

    /// <summary>Some bytes; they are those of what is read from.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = (int)ReadBelow((ulong)(bytes.Length - at) + 1);
        if (length > bytes.Length - at)
        {
            IsBroken = true;
            return [];
        }

        at += length;
        return bytes.Slice(at - length, length);
    }
}
