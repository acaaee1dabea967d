using System.Buffers.Binary;

namespace KpiStream.Ingest.Sources.Checkpoints;

internal enum CheckpointBlockType : byte
{
    /// <summary>What is known beside the cases (<see cref="CheckpointHead"/>); the first block.</summary>
    Head = 1,

    /// <summary>Codes of one table.</summary>
    Codes = 2,

    /// <summary>Cases of one shard.</summary>
    Cases = 3,

    /// <summary>What must have been read by then (<see cref="CheckpointEnd"/>); the last block.</summary>
    End = 4,
}

/// <summary>The header of a block.</summary>
/// <param name="Type">What the payload holds.</param>
/// <param name="Part">The number of the code table or of the shard; otherwise 0.</param>
/// <param name="PayloadBytes">The bytes that follow the header.</param>
/// <param name="Number">Counted over all blocks of the file from 0.</param>
/// <param name="Records">Cases in the payload; otherwise 0.</param>
internal readonly record struct CheckpointBlock(CheckpointBlockType Type, ushort Part, int PayloadBytes, int Number, int Records, uint PayloadChecksum)
{
    private const int ChecksumAt = CheckpointFormat.BlockHeaderBytes - sizeof(uint);

    /// <summary>Writes the header. Half of the file's id stands in it, so that a block of another checkpoint is noticed.</summary>
    public void Write(UInt128 id, Span<byte> room)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(room, (ulong)id);
        room[8] = (byte)Type;
        room[9] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(room[10..], Part);
        BinaryPrimitives.WriteInt32LittleEndian(room[12..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(room[16..], Number);
        BinaryPrimitives.WriteInt32LittleEndian(room[20..], Records);
        BinaryPrimitives.WriteUInt32LittleEndian(room[24..], PayloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(room[ChecksumAt..], CheckpointFormat.Checksum(room[..ChecksumAt]));
    }

    /// <summary>Reads a header; false when it is cut short, damaged or of another file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, UInt128 id, out CheckpointBlock block)
    {
        block = default;
        if (bytes.Length < CheckpointFormat.BlockHeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != (ulong)id
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != CheckpointFormat.Checksum(bytes[..ChecksumAt]))
        {
            return false;
        }

        block = new CheckpointBlock(
            (CheckpointBlockType)bytes[8], BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        return block.PayloadBytes is >= 0 and <= CheckpointFormat.MaxPayloadBytes;
    }
}
