namespace KpiStream.Ingest.Sources.Files;

/// <summary>A stream that goes from its beginning to its end one way: what a subclass does not override is not supported, and flushing does nothing.</summary>
/// <param name="reads">Whether it is read; otherwise it is written.</param>
public abstract class OneWayStream(bool reads) : Stream
{
    public override bool CanRead => reads;

    public override bool CanSeek => false;

    public override bool CanWrite => !reads;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
