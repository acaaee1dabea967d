using System.Text.RegularExpressions;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>What a page of the tree points to exists: files and headings behind links, and paths written as code.</summary>
internal static partial class PlaceRules
{
    /// <summary>Links to a file or heading that is not there.</summary>
    public static IEnumerable<string> Links(SourceFile file) => Found(file, Link(), target =>
    {
        var (path, heading) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
        var page = path.Length == 0 ? file.Path : Resolve(file, path);
        return path.Contains(':')
            || (Exists(page) && (heading.Length == 0 || HasHeading(page == file.Path ? file.Text : File.ReadAllText(At(page)), heading)));
    });

    /// <summary>Paths in backticks that begin with a folder of the root, or in the engine's page with one of the engine's, and lead nowhere.</summary>
    public static IEnumerable<string> Paths(SourceFile file) => Found(file, Code(), path =>
        !IsOurs(file, path) || Exists(path) || Exists(path + ".cs") || Exists("engine/" + path) || Exists($"engine/{path}.cs"));

    private static IEnumerable<string> Found(SourceFile file, Regex what, Func<string, bool> isGood) =>
        !file.Path.EndsWith(".md") ? [] : file.Text.Split('\n').Index()
        .SelectMany(line => what.Matches(line.Item).Select(match => match.Groups["target"].Value).Where(target => !isGood(target))
            .Select(target => file.At(line.Index + 1, $"{target} is not there")));

    private static bool IsOurs(SourceFile file, string path) => path.Contains('/') && path.Split('/')[0] is var first
        && (first is "engine" or "ingest" or "tests" or "bench"
            || (file.Path == "engine/README.md" && FolderRules.EngineFolders.Contains(first, StringComparer.Ordinal)));

    private static string Resolve(SourceFile file, string path) =>
        Path.GetRelativePath(RepositoryRoot.Path, Path.GetFullPath(Path.Combine([RepositoryRoot.Path, .. file.Folders, path]))).Replace('\\', '/');

    private static bool Exists(string path) => File.Exists(At(path)) || Directory.Exists(At(path));

    private static string At(string path) => RepositoryRoot.File(path.TrimEnd('/'));

    private static bool HasHeading(string text, string anchor) =>
        text.Split('\n').Any(line => line.StartsWith('#') && AnchorOf(line.TrimStart('#').Trim()) == anchor);

    /// <summary>A heading's anchor as GitHub makes it.</summary>
    private static string AnchorOf(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(static letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`(?<target>[A-Za-z0-9_./-]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
