namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>A pipe that hands out its bytes in pieces of chosen sizes.</summary>
internal sealed class ChunkedStream(byte[] bytes, Func<int> nextSize) : OneWayStream(reads: true)
{
    private int position;

    public override int Read(Span<byte> buffer)
    {
        var size = Math.Min(Math.Min(buffer.Length, Math.Max(1, nextSize())), bytes.Length - position);
        bytes.AsSpan(position, size).CopyTo(buffer);
        position += size;
        return size;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}
