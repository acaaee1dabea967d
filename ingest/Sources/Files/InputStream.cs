namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// The bytes of one input as they lie on disk or come through the pipe: counted, and with the first few looked at beforehand so
/// that gzip can be told from text where nothing can be read twice. Owned by the flow that reads the input.
/// </summary>
internal sealed class InputStream(Stream inner, ReadProgress progress) : OneWayStream(reads: true)
{
    /// <summary>The two bytes every gzip member begins with (RFC 1952).</summary>
    private const byte Magic1 = 0x1f, Magic2 = 0x8b;

    private readonly byte[] head = new byte[16];
    private int headLength;
    private int headTaken;

    /// <summary>True for pipes and terminals, where bytes may come late or never; a file's bytes are there already.</summary>
    public bool IsLive { get; } = !inner.CanSeek;

    /// <summary>True once a read has found nothing more.</summary>
    public bool ReachedEnd { get; private set; }

    /// <summary>
    /// What the first bytes show that is neither text nor MessagePack nor gzip; null for nothing. To be asked after <see cref="BeginsLikeGzipAsync"/>.
    /// </summary>
    public ForeignForm? Foreign { get; private set; }

    /// <summary>Looks at the first bytes, as few as decide, without taking them away.</summary>
    public async ValueTask<bool> BeginsLikeGzipAsync(CancellationToken stop)
    {
        for (var isOpen = true; isOpen && headLength < head.Length;)
        {
            // One more is asked for at a time: a pipe that has sent one short line is not waited for.
            var read = await ReadInnerAsync(head.AsMemory(headLength, IsLive ? 1 : head.Length - headLength), stop);
            if (read == 0)
            {
                break;
            }

            headLength += read;
            isOpen = ForeignForm.Look(head.AsSpan(0, headLength), out var foreign) || (headLength == 1 && head[0] == Magic1);
            Foreign = foreign;
        }

        return headLength > 1 && head[0] == Magic1 && head[1] == Magic2;
    }

    /// <summary>Goes to a place of a file without reading what lies between.</summary>
    public void SkipTo(long place)
    {
        progress.Add(place - inner.Position);
        (headTaken, inner.Position) = (headLength, place);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (headTaken < headLength)
        {
            return TakeHead(buffer.Span);
        }

        return await ReadInnerAsync(buffer, cancellationToken);
    }

    public override int Read(Span<byte> buffer) => headTaken < headLength ? TakeHead(buffer) : Count(inner.Read(buffer), buffer.Length);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads a file on the spot, which costs less than handing over to another thread; waits for anything live.</summary>
    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return IsLive ? Count(await inner.ReadAsync(buffer, stop), buffer.Length) : Count(inner.Read(buffer.Span), buffer.Length);
    }

    private int Count(int read, int asked)
    {
        ReachedEnd |= read == 0 && asked > 0;
        progress.Add(read);
        return read;
    }

    private int TakeHead(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, headLength - headTaken);
        head.AsSpan(headTaken, taken).CopyTo(buffer);
        headTaken += taken;
        return taken;
    }
}
