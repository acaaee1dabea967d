using System.Buffers.Binary;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>What stands at a place of a recording.</summary>
internal enum BlockReadKind
{
    /// <summary>A whole good block; <see cref="BlockReader.Header"/> and <see cref="BlockReader.Payload"/> have it.</summary>
    Block,

    /// <summary>Nothing: the file ends here.</summary>
    End,

    /// <summary>The file ends inside a block, as one does that is still being written or whose writer was killed.</summary>
    Torn,

    /// <summary>Bytes that are no good block; the next good header stands at <see cref="BlockRead.To"/>, or nothing does.</summary>
    Damaged,
}

/// <summary>What stands at a place of a recording, from and to which byte.</summary>
internal readonly record struct BlockRead(BlockReadKind Kind, long From, long To);

/// <summary>
/// Walks the blocks of a recording, good or not. Holds one block: a header and at most <see cref="RecordingFormat.MaxPayloadBytes"/>.
/// Owned by one flow. Throws what reading a file throws, and nothing else whatever the bytes are.
/// </summary>
/// <param name="file">Can seek; may grow while it is read.</param>
/// <param name="id">The recording's.</param>
internal sealed class BlockReader(Stream file, UInt128 id)
{
    private const int SearchBytes = 256 * 1024;

    private readonly byte[] mark = MarkOf(id);
    private byte[] buffer = new byte[RecordingFormat.BlockHeaderBytes + (64 * 1024)];
    private byte[]? search;
    private int payloadBytes;

    /// <summary>The recording's id.</summary>
    public UInt128 Id => id;

    /// <summary>Where the next block is looked for.</summary>
    public long Position { get; set; } = RecordingFormat.FirstBlock;

    /// <summary>The block read last.</summary>
    public BlockHeader Header { get; private set; }

    /// <summary>Its header's bytes; valid until the next read.</summary>
    public ReadOnlySpan<byte> HeaderBytes => buffer.AsSpan(0, RecordingFormat.BlockHeaderBytes);

    /// <summary>Its payload; valid until the next read, and empty when it was not wanted.</summary>
    public ReadOnlySpan<byte> Payload => buffer.AsSpan(RecordingFormat.BlockHeaderBytes, payloadBytes);

    /// <summary>Reads what stands at <see cref="Position"/> and moves behind it, but not behind the file's end.</summary>
    /// <param name="wanted">Says of a header whether its payload is to be read; null for all.</param>
    public BlockRead Next(Func<BlockHeader, bool>? wanted = null)
    {
        var (start, length) = (Position, file.Length);
        if (start >= length)
        {
            return new BlockRead(BlockReadKind.End, start, start);
        }

        return TryTake(start, wanted) ?? Judge(start, length, wanted);
    }

    /// <summary>Reads the block at a place; false when no whole good block stands there.</summary>
    public bool TryReadAt(long start, Func<BlockHeader, bool>? wanted = null)
    {
        payloadBytes = 0;
        if (!TryHeaderAt(start, out var header) || header.PayloadBytes > file.Length - start - RecordingFormat.BlockHeaderBytes)
        {
            return false;
        }

        Header = header;
        return wanted?.Invoke(header) == false || TryPayload(start + RecordingFormat.BlockHeaderBytes);
    }

    /// <summary>Where the last whole good block begins; -1 when there is none.</summary>
    public long FindLast()
    {
        for (var end = file.Length; end > RecordingFormat.FirstBlock; end -= SearchBytes)
        {
            var from = Math.Max(RecordingFormat.FirstBlock, end - SearchBytes);
            var window = Window(from, (int)(end - from) + RecordingFormat.IdBytes - 1);
            for (var hit = window.LastIndexOf(mark); hit >= 0; hit = window[..(hit + mark.Length - 1)].LastIndexOf(mark))
            {
                if (TryReadAt(from + hit))
                {
                    return from + hit;
                }
            }
        }

        return -1;
    }

    /// <summary>True when the file ends with a whole good block of a type.</summary>
    public bool EndsWith(BlockType type) => FindLast() is >= 0 and var last && Header.Type == type && last + Header.BlockBytes == file.Length;

    private BlockRead? TryTake(long start, Func<BlockHeader, bool>? wanted)
    {
        if (!TryReadAt(start, wanted))
        {
            return null;
        }

        Position = start + Header.BlockBytes;
        return new BlockRead(BlockReadKind.Block, start, Position);
    }

    /// <summary>What a place is that was no whole good block when it was read.</summary>
    private BlockRead Judge(long start, long length, Func<BlockHeader, bool>? wanted)
    {
        var next = FindHeader(start + 1, length);
        if (next < 0 && IsTorn(start, length))
        {
            return new BlockRead(BlockReadKind.Torn, start, length);
        }

        // In a file that grows, a block half written when it was read is whole by now: a writer finishes one before it begins the next.
        if (TryTake(start, wanted) is { } whole)
        {
            return whole;
        }

        Position = next < 0 ? start : next;
        return new BlockRead(BlockReadKind.Damaged, start, next < 0 ? length : next);
    }

    private static byte[] MarkOf(UInt128 id)
    {
        var bytes = new byte[RecordingFormat.IdBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return bytes;
    }

    private bool TryHeaderAt(long start, out BlockHeader header)
    {
        var read = ReadAt(start, buffer.AsSpan(0, RecordingFormat.BlockHeaderBytes));
        return BlockHeader.TryRead(buffer.AsSpan(0, read), id, out header);
    }

    private bool TryPayload(long start)
    {
        var end = RecordingFormat.BlockHeaderBytes + Header.PayloadBytes;
        if (end > buffer.Length)
        {
            Array.Resize(ref buffer, end);
        }

        var payload = buffer.AsSpan(RecordingFormat.BlockHeaderBytes, Header.PayloadBytes);
        var isGood = ReadAt(start, payload) == payload.Length && RecordingFormat.Checksum(payload) == Header.PayloadChecksum;
        payloadBytes = isGood ? payload.Length : 0;
        return isGood;
    }

    /// <summary>The first place with a good header; -1 when there is none.</summary>
    private long FindHeader(long from, long length)
    {
        for (; from < length; from += SearchBytes)
        {
            var window = Window(from, SearchBytes + RecordingFormat.IdBytes - 1);
            for (var start = 0; window[start..].IndexOf(mark) is var hit && hit >= 0; start += hit + 1)
            {
                if (TryHeaderAt(from + start + hit, out _))
                {
                    return from + start + hit;
                }
            }
        }

        return -1;
    }

    /// <summary>What a writer that was stopped leaves behind: the beginning of a block, or room the file system gave and nobody filled.</summary>
    private bool IsTorn(long start, long length)
    {
        var rest = length - start;
        if (TryHeaderAt(start, out var header))
        {
            return header.BlockBytes > rest;
        }

        var read = ReadAt(start, buffer.AsSpan(0, (int)Math.Min(rest, RecordingFormat.BlockHeaderBytes)));
        var known = Math.Min(read, RecordingFormat.IdBytes);
        return (rest < RecordingFormat.BlockHeaderBytes && buffer.AsSpan(0, known).SequenceEqual(mark.AsSpan(0, known))) || IsZero(start, length);
    }

    private bool IsZero(long start, long length)
    {
        var isZero = true;
        for (var at = start; isZero && at < length; at += SearchBytes)
        {
            isZero = !Window(at, SearchBytes).ContainsAnyExcept((byte)0);
        }

        return isZero;
    }

    private ReadOnlySpan<byte> Window(long from, int count)
    {
        search ??= new byte[SearchBytes + RecordingFormat.IdBytes];
        return search.AsSpan(0, ReadAt(from, search.AsSpan(0, count)));
    }

    private int ReadAt(long start, Span<byte> room)
    {
        file.Position = start;
        return file.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
    }
}
