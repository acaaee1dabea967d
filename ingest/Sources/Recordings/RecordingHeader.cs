using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>What a recording says of itself in its first bytes, twice, so that one damaged copy loses nothing.</summary>
/// <param name="Version">The format's version.</param>
/// <param name="EventVersion">The version of the events inside.</param>
/// <param name="Id">A number of 128 random bits; every block begins with its 16 bytes.</param>
/// <param name="KeyId">Tells pseudonym keys apart; 0 when the key is not known.</param>
/// <param name="MadeAt">When the file was made, milliseconds since 1970 UTC.</param>
/// <param name="Origin">Tells apart where positions are of, like two topics; 0 when nothing is resumed by them.</param>
internal readonly record struct RecordingHeader(ushort Version, ushort EventVersion, UInt128 Id, ulong KeyId, long MadeAt, ulong Origin)
{
    private const int ChecksumAt = RecordingFormat.HeaderBytes - sizeof(uint);

    /// <summary>True when the bytes, or the place of the second copy in them, begin as a recording does.</summary>
    public static bool IsMagic(ReadOnlySpan<byte> start) =>
        start.StartsWith(RecordingFormat.Magic)
        || (start.Length > RecordingFormat.HeaderBytes && start[RecordingFormat.HeaderBytes..].StartsWith(RecordingFormat.Magic));

    /// <summary>The number an origin's name stands for: the first eight bytes of its SHA-256; 0 for no name.</summary>
    public static ulong OriginOf(string name) => name.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>Writes one copy.</summary>
    public void Write(Span<byte> room)
    {
        room = room[..RecordingFormat.HeaderBytes];
        room.Clear();
        RecordingFormat.Magic.CopyTo(room);
        BinaryPrimitives.WriteUInt16LittleEndian(room[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(room[10..], EventVersion);
        BinaryPrimitives.WriteUInt128BigEndian(room[16..], Id);
        BinaryPrimitives.WriteUInt64LittleEndian(room[32..], KeyId);
        BinaryPrimitives.WriteInt64LittleEndian(room[40..], MadeAt);
        BinaryPrimitives.WriteUInt64LittleEndian(room[48..], Origin);
        BinaryPrimitives.WriteUInt32LittleEndian(room[ChecksumAt..], RecordingFormat.Checksum(room[..ChecksumAt]));
    }

    /// <summary>Reads one copy; false when it is cut short or damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> copy, out RecordingHeader header)
    {
        header = default;
        if (copy.Length < RecordingFormat.HeaderBytes || !copy.StartsWith(RecordingFormat.Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(copy[ChecksumAt..]) != RecordingFormat.Checksum(copy[..ChecksumAt]))
        {
            return false;
        }

        header = new RecordingHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(copy[8..]), BinaryPrimitives.ReadUInt16LittleEndian(copy[10..]),
                BinaryPrimitives.ReadUInt128BigEndian(copy[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(copy[32..]), BinaryPrimitives.ReadInt64LittleEndian(copy[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(copy[48..]));
        return true;
    }
}
