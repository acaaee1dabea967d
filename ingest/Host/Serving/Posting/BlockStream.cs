using System.Buffers;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>
/// Bytes in rented blocks: written once to their end, then read once from their beginning. Owned by one request; disposing of it gives the blocks back.
/// </summary>
internal sealed class BlockStream() : OneWayStream(reads: true)
{
    /// <summary>What a body that has only just begun holds.</summary>
    public const int BlockBytes = 16 * 1024;

    private readonly List<byte[]> blocks = [];
    private long written;
    private long read;

    public override long Length => written;

    public override long Position { get => read; set => throw new NotSupportedException(); }

    /// <summary>True when <see cref="Room"/> needs another block.</summary>
    public bool IsFull => written == (long)blocks.Count * BlockBytes;

    public void Extend() => blocks.Add(ArrayPool<byte>.Shared.Rent(BlockBytes));

    /// <summary>Where the next bytes go; not empty unless <see cref="IsFull"/>.</summary>
    public Memory<byte> Room() => IsFull ? default : blocks[^1].AsMemory((int)(written % BlockBytes)..BlockBytes);

    /// <summary>Takes this many bytes of the room.</summary>
    public void Advance(int bytes) => written += bytes;

    public override int Read(Span<byte> buffer)
    {
        if (read == written)
        {
            return 0;
        }

        var from = (int)(read % BlockBytes);
        var count = (int)Math.Min(Math.Min(buffer.Length, BlockBytes - from), written - read);
        blocks[(int)(read / BlockBytes)].AsSpan(from, count).CopyTo(buffer);
        read += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            blocks.ForEach(block => ArrayPool<byte>.Shared.Return(block));
            blocks.Clear();
            written = read = 0;
        }

        base.Dispose(disposing);
    }
}
