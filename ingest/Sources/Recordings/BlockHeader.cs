using System.Buffers.Binary;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>What a block holds. Types not listed may come; readers pass over them.</summary>
internal enum BlockType : byte
{
    Events = 1,

    /// <summary>What the file holds up to here (<see cref="RecordingSummary"/>).</summary>
    Index = 2,

    /// <summary>An index written when recording ended in order.</summary>
    Manifest = 3,
}

/// <summary>The head of a block: what follows it, and what was known when it was written.</summary>
internal readonly record struct BlockHeader
{
    private const int ChecksumAt = RecordingFormat.BlockHeaderBytes - sizeof(uint);

    public required BlockType Type { get; init; }

    public required int PayloadBytes { get; init; }

    public required int Records { get; init; }

    public required uint PayloadChecksum { get; init; }

    /// <summary>Counted over all blocks of the file from 0.</summary>
    public required long Number { get; init; }

    /// <summary>The least arrival in it, milliseconds; <see cref="DecodeLimits.UnknownArrival"/> when none is known.</summary>
    public required long LeastArrival { get; init; }

    /// <inheritdoc cref="LeastArrival"/>
    public required long GreatestArrival { get; init; }

    /// <summary>How many bytes of the file were known to be on disk when the block was written.</summary>
    public required long Durable { get; init; }

    /// <summary>Where the newest index or manifest before it begins; 0 for none.</summary>
    public required long IndexAt { get; init; }

    /// <summary>How many records the file's blocks before it hold.</summary>
    public required long FirstRecord { get; init; }

    /// <summary>Header and payload together.</summary>
    public int BlockBytes => RecordingFormat.BlockHeaderBytes + PayloadBytes;

    public bool IsIndex => Type is BlockType.Index or BlockType.Manifest;

    public void Write(UInt128 id, Span<byte> room)
    {
        room = room[..RecordingFormat.BlockHeaderBytes];
        room.Clear();
        BinaryPrimitives.WriteUInt128BigEndian(room, id);
        room[16] = (byte)Type;
        BinaryPrimitives.WriteInt32LittleEndian(room[20..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(room[24..], Records);
        BinaryPrimitives.WriteUInt32LittleEndian(room[28..], PayloadChecksum);
        BinaryPrimitives.WriteInt64LittleEndian(room[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(room[40..], LeastArrival);
        BinaryPrimitives.WriteInt64LittleEndian(room[48..], GreatestArrival);
        BinaryPrimitives.WriteInt64LittleEndian(room[56..], Durable);
        BinaryPrimitives.WriteInt64LittleEndian(room[64..], IndexAt);
        BinaryPrimitives.WriteInt64LittleEndian(room[72..], FirstRecord);
        BinaryPrimitives.WriteUInt32LittleEndian(room[ChecksumAt..], RecordingFormat.Checksum(room[..ChecksumAt]));
    }

    /// <summary>Reads a header; false when it is cut short, damaged, of another recording or claims more than a block may hold.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, UInt128 id, out BlockHeader header)
    {
        header = default;
        if (bytes.Length < RecordingFormat.BlockHeaderBytes || BinaryPrimitives.ReadUInt128BigEndian(bytes) != id
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != RecordingFormat.Checksum(bytes[..ChecksumAt]))
        {
            return false;
        }

        header = new BlockHeader
        {
            Type = (BlockType)bytes[16],
            PayloadBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            Records = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            PayloadChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]),
            Number = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            LeastArrival = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            GreatestArrival = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            Durable = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            IndexAt = BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]),
            FirstRecord = BinaryPrimitives.ReadInt64LittleEndian(bytes[72..]),
        };
        return header.PayloadBytes is >= 0 and <= RecordingFormat.MaxPayloadBytes;
    }
}
