using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// A copy of one record with zeros behind it, so that the readers of this folder may look ahead without asking where the record ends: those of JSON consume
/// no zero byte, so they stop at the latest where the record does, and those of MessagePack a bounded number of bytes. Copying half a kilobyte costs less
/// than asking. Owned by one decoder.
/// </summary>
internal sealed class PaddedRecord
{
    /// <summary>The longest record copied, in bytes: eight times an ordinary event. What is longer is left to the judge.</summary>
    public const int Longest = 4_096;

    /// <summary>How many bytes behind the next unread one any reader may load: three vectors of 32 for a text of 64 bytes and its quotes.</summary>
    public const int Ahead = 128;

    private readonly byte[] room = new byte[Longest + Ahead];

    /// <summary>Copies a record of at most <see cref="Longest"/> bytes and gives its first byte.</summary>
    public ref byte Take(ReadOnlySpan<byte> record)
    {
        Length = record.Length;
        record.CopyTo(room);
        room.AsSpan(record.Length, Ahead).Clear();
        return ref MemoryMarshal.GetArrayDataReference(room);
    }

    /// <summary>The length in bytes of the record taken.</summary>
    public int Length { get; private set; }

    /// <summary>The place of a byte of the record taken.</summary>
    public int PlaceOf(ref byte here) => (int)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(room), ref here);

    /// <summary>What stands from a byte of the record taken on.</summary>
    public ReadOnlySpan<byte> From(ref byte here) => room.AsSpan(PlaceOf(ref here)..Length);

    /// <summary>A part of the record taken.</summary>
    public ReadOnlySpan<byte> Part(int start, int length) => room.AsSpan(start, length);
}
