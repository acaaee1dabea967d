using System.IO.Compression;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// What a compressed body unpacks to, read strictly: data that is damaged, that ends too soon or that something follows is an
/// <see cref="InvalidDataException"/>, never an earlier end. Owned by the flow that reads it.
/// </summary>
public sealed class UnpackedStream : OneWayStream
{
    private const string BrotliAssembly = "System.IO.Compression.Brotli";

    private readonly WithheldStream packed;
    private readonly Stream unpacking;

    static UnpackedStream() => GzipText.BeStrict();

    private UnpackedStream(Stream body, Func<Stream, Stream> open)
        : base(reads: true)
    {
        packed = new WithheldStream(body);
        unpacking = open(packed);
    }

    /// <summary>
    /// The content of a body by the words of its Content-Encoding (RFC 9110, section 8.4.1); null when it is encoded twice or in a way that is not known.
    /// </summary>
    public static Stream? Of(Stream body, IEnumerable<string?> contentEncoding)
    {
        var codings = contentEncoding.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding != "identity").ToList();
        return codings switch
        {
            [] => body,
            ["gzip" or "x-gzip"] => new UnpackedStream(body, static packed => new GZipStream(packed, CompressionMode.Decompress)),
            ["deflate"] => new UnpackedStream(body, static packed => new ZLibStream(packed, CompressionMode.Decompress)),
            ["br"] => new UnpackedStream(body, static packed => new BrotliStream(packed, CompressionMode.Decompress)),
            _ => null,
        };
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await unpacking.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException("The body's compression is damaged, or the body is cut off", error);
        }
        catch (InvalidOperationException error) when (error.Source == BrotliAssembly)
        {
            // Brotli's answer to damaged bytes.
            throw new InvalidDataException("The body's compression is damaged", error);
        }

        return read > 0 || buffer.IsEmpty || (unpacking is GZipStream ? packed.HasShownEnd : packed.IsSpent)
            ? read
            : throw new InvalidDataException("The body's compression is damaged: bytes follow the end of what was compressed, and belong to nothing");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacking.Dispose();
        }

        base.Dispose(disposing);
    }
}
