using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Wallboard;

/// <summary>One embedded file of the page, read once at start and never changed.</summary>
/// <param name="Route">Path below <c>/board</c>; empty for the page itself.</param>
/// <param name="Content">The file without its comments and indentation, UTF-8.</param>
/// <param name="Packed">The same, gzip.</param>
/// <param name="ContentType">Media type with its character set.</param>
/// <param name="Tag">Strong entity tag: the start of the content's SHA-256, so equal builds share caches.</param>
internal sealed partial record WallboardAsset(string Route, byte[] Content, byte[] Packed, string ContentType, EntityTagHeaderValue Tag)
{
    private const string ResourcePrefix = "wallboard/";
    private const string PageFile = "board.html";
    private const string StyleFile = "board.css";
    private const string VersionPlace = "{version}";
    private const int TagBytes = 12; // 96 bits: no two builds of a file will meet

    /// <summary>All files of the page; a file whose kind has no media type here is a mistake of the build.</summary>
    public static IReadOnlyList<WallboardAsset> All { get; } = ReadAll();

    /// <summary>What all files together are: equal builds have the same, and the page says which it is of.</summary>
    public static string Version { get; } = VersionOf(Files());

    private static IReadOnlyList<WallboardAsset> ReadAll()
    {
        var files = Files();
        var version = VersionOf(files);
        return [.. files.Select(file => Create(file.Name, file.Name == PageFile ? Stamped(file.Content, version) : file.Content))];
    }

    /// <summary>The style sheets are sent as one, in the order of their names: packed together they are a seventh smaller.</summary>
    private static List<(string Name, byte[] Content)> Files()
    {
        var files = Resources();
        var styles = files.Where(static file => file.Name.EndsWith(".css")).ToList();
        return [.. files.Except(styles), (StyleFile, [.. styles.SelectMany(static file => (byte[])[.. file.Content, (byte)'\n'])])];
    }

    private static List<(string Name, byte[] Content)> Resources()
    {
        var assembly = typeof(WallboardAsset).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix)).Order(StringComparer.Ordinal).Select(resource =>
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource[ResourcePrefix.Length..];
            return (name, Slim(name, content));
        })];
    }

    private static byte[] Stamped(byte[] page, string version) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page).Replace(VersionPlace, version));

    /// <summary>
    /// Leaves out what only readers of the source need. Line by line, which is right because no text of the page goes over several lines: a test says so.
    /// </summary>
    internal static byte[] Slim(string file, byte[] content)
    {
        var isScript = file.EndsWith(".js");
        var lines = Encoding.UTF8.GetString(content).Split('\n').Select(static line => line.Trim());
        var kept = lines.Where(line => line.Length > 0 && !IsComment(line, isScript)).Select(line => isScript ? Ending().Replace(line, "") : line);
        var slim = string.Join('\n', kept);
        return Encoding.UTF8.GetBytes(file.EndsWith(".css") ? Gaps().Replace(slim, "${mark}") : slim);
    }

    /// <summary>A comment behind code; behind two slashes in a text its quotation mark follows.</summary>
    [GeneratedRegex(@" // [^'""`]*$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Ending();

    /// <summary>The spaces around what divides rules, declarations and values; a colon with a space before it begins a selector and keeps it.</summary>
    [GeneratedRegex(@"\s*(?<mark>[{};,])\s*|(?<=[a-z])(?<mark>:)\s+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Gaps();

    /// <summary>In a style sheet a star begins a selector, and two slashes an address.</summary>
    private static bool IsComment(string line, bool isScript) => (line.StartsWith("/*") && line.EndsWith("*/"))
        || (isScript && (line.StartsWith("//") || line.StartsWith("* ") || line is "/**" or "*/"));

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static string VersionOf(List<(string Name, byte[] Content)> files) => HashOf([.. files.SelectMany(file => file.Content)]);

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, TagBytes));

    private static WallboardAsset Create(string file, byte[] content)
    {
        var tag = HashOf(content);
        return new WallboardAsset(file == PageFile ? "" : "/" + file, content, Pack(content), MediaType(file), new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static string MediaType(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The wallboard has a file of an unknown kind: {other}"),
    };
}
