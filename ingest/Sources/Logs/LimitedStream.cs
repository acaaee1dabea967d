using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>A file that ends where it may be read to, whatever it holds behind. Owned by its reader; disposing of it closes the file.</summary>
/// <param name="file">Can seek; may grow while it is read.</param>
/// <param name="limit">Where it ends at the moment; never moves back.</param>
internal sealed class LimitedStream(Stream file, Func<long> limit) : OneWayStream(reads: true)
{
    public override bool CanSeek => true;

    public override long Length => Math.Min(file.Length, limit());

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(Span<byte> buffer) => file.Read(buffer[..(int)Math.Clamp(limit() - file.Position, 0, buffer.Length)]);

    public override long Seek(long offset, SeekOrigin origin) =>
        file.Seek(origin == SeekOrigin.End ? Length + offset : offset, origin == SeekOrigin.End ? SeekOrigin.Begin : origin);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
