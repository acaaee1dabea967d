using System.Buffers.Binary;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>The fixed numbers of the checkpoint format; README.md beside this file defines them.</summary>
internal static class CheckpointFormat
{
    /// <summary>The format this program writes, and the newest it reads. Format 1 knew the keys up to <c>parent</c> and is read as it is.</summary>
    public const ushort Version = 2;

    public const int FileHeaderBytes = 32;

    public const int BlockHeaderBytes = 32;

    /// <summary>The longest payload of a block: 16 MiB, for a head that names 100,000 partitions. Cases come in blocks of 64 KiB.</summary>
    public const int MaxPayloadBytes = 16 << 20;

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'K', (byte)'P', (byte)'I', (byte)'S', (byte)'T', (byte)'A', (byte)'\n'];

    /// <summary>The checksum of recordings, CRC-32C.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes) => RecordingFormat.Checksum(bytes);

    public static void WriteFileHeader(UInt128 id, Span<byte> room)
    {
        Magic.CopyTo(room);
        BinaryPrimitives.WriteUInt32LittleEndian(room[8..], Version);
        BinaryPrimitives.WriteUInt128BigEndian(room[12..], id);
        BinaryPrimitives.WriteUInt32LittleEndian(room[28..], Checksum(room[..28]));
    }

    /// <summary>Reads a file header; false when it is none, or damaged.</summary>
    public static bool TryReadFileHeader(ReadOnlySpan<byte> bytes, out uint version, out UInt128 id)
    {
        (version, id) = (0, 0);
        if (bytes.Length < FileHeaderBytes || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Checksum(bytes[..28]))
        {
            return false;
        }

        (version, id) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt128BigEndian(bytes[12..]));
        return true;
    }
}
