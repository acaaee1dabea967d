using System.IO.Compression;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Gzip read strictly: one member after another, check sums compared, and neither an end cut off nor bytes behind the last
/// member pass for the end of the text, zero bytes neither: some tools pad with them, but after a power cut they stand where members were. Lines silently
/// lost would be figures silently wrong.
/// </summary>
internal static class GzipText
{
    static GzipText() => BeStrict();

    /// <summary>The text inside; reading it throws <see cref="InvalidDataException"/> where the data is damaged.</summary>
    public static Stream Of(InputStream compressed) => new GZipStream(compressed, CompressionMode.Decompress);

    /// <summary>
    /// To be called before the first reading of anything compressed: without it the library takes what is cut off in the middle for something that ends there.
    /// </summary>
    public static void BeStrict() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", isEnabled: true);

    /// <summary>True when the library stopped before the input's end: what follows the last member is no gzip.</summary>
    public static bool HasTrailingBytes(InputStream compressed) => !compressed.ReachedEnd;
}
