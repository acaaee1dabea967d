using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Wallboard;

/// <summary>One embedded file of the page, read once at start and never changed.</summary>
/// <param name="Route">Path below <c>/board</c>; empty for the page itself.</param>
/// <param name="Content">The file as it was compiled in, UTF-8.</param>
/// <param name="ContentType">Media type with its character set.</param>
/// <param name="Tag">Strong entity tag: the start of the content's SHA-256, so equal builds share caches.</param>
internal sealed record WallboardAsset(string Route, byte[] Content, string ContentType, EntityTagHeaderValue Tag)
{
    private const string ResourcePrefix = "wallboard/";
    private const string PageFile = "board.html";
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

    private static List<(string Name, byte[] Content)> Files()
    {
        var assembly = typeof(WallboardAsset).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix)).Order(StringComparer.Ordinal).Select(resource =>
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return (resource[ResourcePrefix.Length..], content);
        })];
    }

    private static byte[] Stamped(byte[] page, string version) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page).Replace(VersionPlace, version));

    private static string VersionOf(List<(string Name, byte[] Content)> files) => HashOf([.. files.SelectMany(file => file.Content)]);

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, TagBytes));

    private static WallboardAsset Create(string file, byte[] content)
    {
        var tag = HashOf(content);
        return new WallboardAsset(file == PageFile ? "" : "/" + file, content, MediaType(file), new EntityTagHeaderValue($"\"{tag}\""));
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
