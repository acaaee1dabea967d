namespace KpiStream.Ingest.Sources.Files;

/// <summary>How far reading has come, for a display on standard error. Written by the reading flow, read by anyone.</summary>
public sealed class ReadProgress
{
    private long bytesRead;
    private long totalBytes;

    /// <summary>Bytes read so far, as they lie on disk: of gzip the compressed ones.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <summary>Bytes there are in all files together; 0 when unknown, as with pipes.</summary>
    public long TotalBytes => Interlocked.Read(ref totalBytes);

    internal void Add(long bytes) => Interlocked.Add(ref bytesRead, bytes);

    internal void Expect(long bytes) => Interlocked.Exchange(ref totalBytes, bytes);
}
