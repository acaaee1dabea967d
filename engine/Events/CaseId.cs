using System.Buffers;
using System.Buffers.Binary;

namespace KpiStream.Engine.Events;

/// <summary>
/// A case's pseudonym: 128 bits, ordered as its 16 bytes are. The default value stands for "no case" (a null parent).
/// </summary>
/// <param name="Hi">The first eight bytes, most significant first.</param>
/// <param name="Lo">The last eight bytes, most significant first.</param>
public readonly record struct CaseId(ulong Hi, ulong Lo) : IComparable<CaseId>
{
    public int CompareTo(CaseId other)
    {
        var high = Hi.CompareTo(other.Hi);
        return high != 0 ? high : Lo.CompareTo(other.Lo);
    }

    /// <summary>The bytes a pseudonym takes.</summary>
    public const int ByteCount = 16;

    /// <summary>Reads what <see cref="Write"/> wrote; false for any other length, and for the value that means "no case".</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CaseId id)
    {
        id = bytes.Length == ByteCount ? new CaseId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])) : default;
        return id != default;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote, as UTF-8: exactly 32 lower-case hexadecimal digits, and not the value that means "no case".</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out CaseId id)
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        id = default;
        return hex.Length == 2 * ByteCount && !hex.ContainsAnyInRange((byte)'A', (byte)'F')
            && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done && TryRead(bytes, out id);
    }

    /// <summary>Writes the 16 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Hi);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Lo);
    }

    /// <summary>Writes what <see cref="ToString"/> gives, as UTF-8.</summary>
    /// <param name="hex">32 bytes.</param>
    public bool TryFormat(Span<byte> hex) => Hi.TryFormat(hex, out var written, "x16") & Lo.TryFormat(hex[written..], out _, "x16");

    /// <summary>The pseudonym in 32 hexadecimal digits.</summary>
    public override string ToString() => $"{Hi:x16}{Lo:x16}";
}
