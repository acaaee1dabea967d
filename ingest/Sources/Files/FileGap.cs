namespace KpiStream.Ingest.Sources.Files;

/// <summary>Whether a file is still the one that was read, and as long.</summary>
internal static class FileGap
{
    /// <summary>
    /// Looks without reading it all. Of gzip nothing is said, which would have to be unpacked for that, and of what cannot be read: reading will say it.
    /// </summary>
    public static async Task<SourceGap?> FindAsync(FileInput input, SourcePlace left, CancellationToken stop)
    {
        try
        {
            using var stream = new InputStream(input.Open(), new ReadProgress());
            var isKnown = !stream.IsLive && !await stream.BeginsLikeGzipAsync(stop);
            return isKnown && await new FilePlace(left.Part).FindChangeAsync(stream, stream.SkipTo, left, stop) is { } change
                ? new SourceGap(Say(input.Name, change), MayHoldEarlier: true)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string Say(string name, string change) =>
        $"{name} is not the file that was read before ({change}): bring the old one back, or accept what is missing with --accept-gap.";
}
