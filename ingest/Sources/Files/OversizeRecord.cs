using System.Buffers;
using System.Security.Cryptography;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// A line over the size limit while it passes: its length and hash, never its bytes, so that ten gigabytes without a line feed
/// cost no memory. A blank one is still only a blank line. Owned by one <see cref="LineSplitter"/>; reset by <see cref="End"/>.
/// </summary>
internal sealed class OversizeRecord : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] sha256 = new byte[SHA256.HashSizeInBytes];
    private long length;
    private bool blank = true;

    public void Append(in ReadOnlySequence<byte> part)
    {
        foreach (var segment in part)
        {
            Append(segment.Span);
        }
    }

    public void Append(ReadOnlySpan<byte> part)
    {
        hash.AppendData(part);
        length += part.Length;
        blank = blank && Blank.Is(part);
    }

    /// <summary>Ends the line; false when it was blank. The hash is valid until the next call.</summary>
    public bool End(out long bytes, out ReadOnlySpan<byte> digest)
    {
        bytes = length;
        hash.GetHashAndReset(sha256);
        digest = sha256;
        var counts = !blank;
        (length, blank) = (0, true);
        return counts;
    }

    public void Dispose() => hash.Dispose();
}
