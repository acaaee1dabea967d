using System.Buffers;
using System.Security.Cryptography;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// How far one file has been handed over, and the first bytes of it, by which it is known again. Owned by the flow that reads the file.
/// </summary>
/// <param name="file">The number of the file.</param>
internal sealed class FilePlace(int file)
{
    /// <summary>This many of a file's first bytes tell it from another: thirteen ordinary events.</summary>
    public const int HeadBytes = 4096;

    /// <summary>Ends the identity of a file whose last record had no end: if the file has grown since, that record was not what it is now.</summary>
    private const string OpenMark = "+";

    private readonly byte[] head = new byte[HeadBytes];
    private int headLength;

    /// <summary>Bytes handed over, of gzip of what it unpacks to.</summary>
    public long Bytes { get; private set; }

    /// <summary>The file's first byte. Something must have been taken.</summary>
    public byte First => head[0];

    /// <summary>Notes bytes that were handed over.</summary>
    public void Take(in ReadOnlySequence<byte> bytes)
    {
        var known = (int)Math.Min(bytes.Length, HeadBytes - headLength);
        bytes.Slice(0, known).CopyTo(head.AsSpan(headLength));
        headLength += known;
        Bytes += bytes.Length;
    }

    public SourcePlace At(FileSplitter splitter) => new(file, splitter.Records, Bytes, Identity: Identity + (splitter.HasOpenEnd ? OpenMark : ""));

    /// <summary>Goes to where the file was left, and sees that what was read before has ended there.</summary>
    /// <returns>As of <see cref="GoToAsync"/>.</returns>
    public async Task<string?> FindChangeAsync(Stream content, Action<long>? skip, SourcePlace left, CancellationToken stop)
    {
        var change = await GoToAsync(content, skip, left, stop);
        return change is null && IsOpen(left) && await content.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, stop) > 0
            ? "its last record had no end when it was read, and continues now"
            : change;
    }

    /// <summary>Goes to where the file was left.</summary>
    /// <param name="content">The file's bytes, unpacked, from the start.</param>
    /// <param name="skip">Passes over this many bytes without reading them; null where they must be read.</param>
    /// <param name="left">Where the file was left.</param>
    /// <returns>Null when the file is the one that was read; otherwise what is wrong with it.</returns>
    private async Task<string?> GoToAsync(Stream content, Action<long>? skip, SourcePlace left, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (Bytes < left.Bytes)
        {
            var wanted = Bytes == 0 ? Math.Min(left.Bytes, HeadBytes) : skip is null ? Math.Min(left.Bytes - Bytes, buffer.Length) : 1;
            var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, (int)wanted), (int)wanted, throwOnEndOfStream: false, stop);
            Take(new ReadOnlySequence<byte>(buffer, 0, read));
            if (read < wanted)
            {
                return "it has become shorter";
            }

            if (skip is not null && left.Bytes - Bytes > 1)
            {
                skip(left.Bytes - 1);
                Bytes = left.Bytes - 1;
            }
        }

        return left.Identity.TrimEnd(OpenMark[0]) == Identity ? null : "it begins with other bytes";
    }

    /// <summary>True when the last record that was handed over had no end.</summary>
    public static bool IsOpen(SourcePlace left) => left.Identity.EndsWith(OpenMark);

    private string Identity => Convert.ToHexStringLower(SHA256.HashData(head.AsSpan(0, headLength)).AsSpan(0, 8));
}
