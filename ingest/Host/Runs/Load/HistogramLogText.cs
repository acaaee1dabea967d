using System.Buffers.Binary;
using System.IO.Compression;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Makes a log of histograms that the package's writer wrote readable by every other reader: it writes UTF-16, and ends its zlib streams without the checksum
/// that RFC 1950 wants, at which zlib itself stops. What the histograms hold is untouched. Pure.
/// </summary>
internal static class HistogramLogText
{
    /// <summary>Cookie and length before the compressed bytes.</summary>
    private const int HeadBytes = 8;

    /// <summary>The head of a zlib stream, before its deflate blocks.</summary>
    private const int ZlibHeadBytes = 2;

    /// <summary>The log as UTF-8 with whole zlib streams.</summary>
    public static byte[] Repair(ReadOnlySpan<byte> written)
    {
        var text = written is [0xFF, 0xFE, .. var wide] ? Encoding.Unicode.GetString(wide) : Encoding.UTF8.GetString(written);
        return Encoding.UTF8.GetBytes(string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Line)));
    }

    private static string Line(string line)
    {
        var last = line.LastIndexOf(',') + 1;
        if (line.StartsWith('#') || line.StartsWith('"') || last == 0)
        {
            return line;
        }

        return line[..last] + Convert.ToBase64String(Whole(Convert.FromBase64String(line[last..])));
    }

    private static byte[] Whole(byte[] histogram)
    {
        using var content = new MemoryStream();
        using (var blocks = new DeflateStream(new MemoryStream(histogram, HeadBytes + ZlibHeadBytes, histogram.Length - HeadBytes - ZlibHeadBytes),
            CompressionMode.Decompress))
        {
            blocks.CopyTo(content);
        }

        // The package's buffer is longer than what is encoded in it: the length stands in the head of the content, which is 40 bytes long.
        var bytes = content.ToArray();
        var length = 40 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4));
        using var whole = new MemoryStream();
        whole.Write(histogram, 0, HeadBytes);
        using (var zlib = new ZLibStream(whole, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes, 0, Math.Min(length, bytes.Length));
        }

        var result = whole.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(4), result.Length - HeadBytes);
        return result;
    }
}
