using System.Buffers.Binary;
using System.IO.Compression;
using HdrHistogram;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// A log of histograms, version 1.3 with histograms of encoding 2 (https://hdrhistogram.github.io/HdrHistogram/), as every reader of such logs takes it. The
/// package's own writer leaves out the checksum at which zlib stops, and takes megabytes for a line, which is written while latencies are measured.
/// Each line goes to the target at once; from one that cannot be written nothing more is. Owned by one flow.
/// </summary>
/// <param name="target">Where it is written, UTF-8. The caller's.</param>
/// <param name="digits">The significant digits of all histograms.</param>
internal sealed class HistogramLog(Stream target, int digits)
{
    private const int Encoding2 = 0x1c849303 | 0x10;
    private const int Compressed2 = 0x1c849304 | 0x10;
    private const int HeadBytes = 40;

    private byte[] content = new byte[1 << 12];

    /// <summary>Why it ends before its end; null while it does not.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>Writes the head.</summary>
    /// <param name="wallMillis">When the run begins, milliseconds since 1970 UTC.</param>
    public void Begin(long wallMillis) => Write(string.Create(CultureInfo.InvariantCulture, $"""
        #[Histogram log format version 1.3]
        #[StartTime: {wallMillis / 1e3:F3} (seconds since epoch), {DateTimeOffset.FromUnixTimeMilliseconds(wallMillis).UtcDateTime:O}]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

        """));

    /// <summary>Writes a line: what was recorded from one moment to another; the greatest value stands there in millionths of the recorded unit.</summary>
    public void Append(LongHistogram histogram, string tag, long fromMillis, long toMillis)
    {
        var length = Encode(histogram);
        using var packed = new MemoryStream();
        packed.Write(stackalloc byte[8]);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(content, 0, length);
        }

        var line = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        BinaryPrimitives.WriteInt32BigEndian(line, Compressed2);
        BinaryPrimitives.WriteInt32BigEndian(line[4..], line.Length - 8);
        Write(string.Create(CultureInfo.InvariantCulture,
            $"Tag={tag},{fromMillis / 1e3:F3},{(toMillis - fromMillis) / 1e3:F3},{histogram.GetMaxValue() / 1e6:F3},{Convert.ToBase64String(line)}\n"));
    }

    private void Write(string text)
    {
        try
        {
            if (Failure is null)
            {
                target.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        catch (IOException problem)
        {
            Failure = problem;
        }
    }

    /// <summary>The counts by index, each as a zigzag number, a stretch of zeros as one negative number, behind a head.</summary>
    private int Encode(LongHistogram histogram)
    {
        var (end, next) = (HeadBytes, 0);
        foreach (var (index, _, count) in HistogramCounts.Of(histogram, digits))
        {
            if (content.Length < end + 20)
            {
                Array.Resize(ref content, content.Length * 2);
            }

            end = Write(count, index > next ? Write(next - index, end) : end);
            next = index + 1;
        }

        var head = content.AsSpan(0, HeadBytes);
        BinaryPrimitives.WriteInt32BigEndian(head, Encoding2);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], end - HeadBytes);
        BinaryPrimitives.WriteInt32BigEndian(head[8..], 0);
        BinaryPrimitives.WriteInt32BigEndian(head[12..], digits);
        BinaryPrimitives.WriteInt64BigEndian(head[16..], histogram.LowestTrackableValue);
        BinaryPrimitives.WriteInt64BigEndian(head[24..], histogram.HighestTrackableValue);
        BinaryPrimitives.WriteDoubleBigEndian(head[32..], 1);
        return end;
    }

    private int Write(long number, int at)
    {
        var left = (ulong)((number << 1) ^ (number >> 63));
        for (; left >= 0x80; left >>= 7)
        {
            content[at++] = (byte)(left | 0x80);
        }

        content[at++] = (byte)left;
        return at;
    }
}
