using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// The files of an embedded log: recordings <c>events-00000001.kpirec</c>, <c>-00000002</c> and so on, each going on where the one before ended.
/// </summary>
public static class LogFolder
{
    private const string Prefix = "events-";
    private const string Suffix = ".kpirec";

    /// <summary>The path of a segment.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <param name="number">Counted from 1.</param>
    public static string PathOf(string folder, int number) => Path.Combine(folder, NameOf(number));

    /// <summary>The numbers of the segments there are, in order; none when there is no such folder.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<int> Segments(string folder) => Segments(new LogFiles(folder));

    /// <inheritdoc cref="Segments(string)"/>
    public static IReadOnlyList<int> Segments(ILogFiles files) => [.. files.List().Select(NumberOf).OfType<int>().Order()];

    public static bool IsLog(string folder) => Segments(folder).Count > 0;

    /// <summary>True for a folder that serve has used, or was prepared for it, and that holds no segment: its events may have been taken away.</summary>
    public static bool HasOnlyKeys(string folder) => (StateFolder.HasKeys(folder) || File.Exists(Path.Combine(folder, LogFiles.LockName))) && !IsLog(folder);

    /// <summary>True for the path of a segment, there or not, in a folder that holds a log.</summary>
    public static bool IsSegment(string path) => NumberOf(Path.GetFileName(path)) is not null && Path.GetDirectoryName(path) is { } folder
        && Directory.Exists(folder) && IsLog(folder);

    /// <summary>The segments as recordings to read, in order.</summary>
    public static IReadOnlyList<RecordingInput> Inputs(string folder) => [.. Segments(folder).Select(number => InputOf(PathOf(folder, number)))];

    /// <summary>
    /// One sentence for every gap between two segments of one log that follow each other here, where a file is not on disk. Segments put away from the
    /// beginning are missed by nobody.
    /// </summary>
    /// <param name="paths">Files to be read in this order, segments or not.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> Holes(IReadOnlyList<string> paths) =>
        [.. paths.Zip(paths.Skip(1)).SelectMany(static pair => HolesBetween(pair.First, pair.Second))];

    /// <inheritdoc cref="Holes(IReadOnlyList{string})"/>
    /// <param name="folder">The log's folder, for the sentence.</param>
    /// <param name="segments">The numbers of the segments there are, in order.</param>
    internal static IEnumerable<string> Holes(string folder, IReadOnlyList<int> segments) =>
        segments.Zip(segments.Skip(1)).Where(static pair => pair.Second > pair.First + 1).Select(pair => Hole(folder, pair.First + 1, pair.Second - 1));

    /// <summary>
    /// A recording to read, which may be a segment of a log: the newest may lack its end, and whatever was acknowledged is in it all the same.
    /// </summary>
    public static RecordingInput InputOf(string path) => RecordingInput.FromPath(path) is var input && IsNewest(path)
        ? input with { FindWriting = () => input.FindWriting() is RecordingWriting.Now ? RecordingWriting.Now : RecordingWriting.Open }
        : input;

    private static IEnumerable<string> HolesBetween(string before, string behind)
    {
        if (NumberOf(Path.GetFileName(before)) is not { } first || NumberOf(Path.GetFileName(behind)) is not { } last || last <= first + 1
            || Path.GetDirectoryName(Path.GetFullPath(before)) is not { } folder || folder != Path.GetDirectoryName(Path.GetFullPath(behind)))
        {
            return [];
        }

        // Segments that are there and were not named are left out on purpose.
        return Holes(Path.GetDirectoryName(before)!, [.. Segments(folder).Where(number => number >= first && number <= last)]);
    }

    private static string Hole(string folder, int from, int to) => from == to
        ? $"{PathOf(folder, from)} is missing: bring the file back from a copy; without it the events in it are not counted."
        : $"{PathOf(folder, from)} to {NameOf(to)} are missing: bring the files back from a copy; without them the events in them are not counted.";

    private static bool IsNewest(string path) => NumberOf(Path.GetFileName(path)) is { } number
        && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Segments(folder) is [.., var newest] && newest == number;

    /// <summary>The name of a segment.</summary>
    public static string NameOf(int number) => $"{Prefix}{number:00000000}{Suffix}";

    private static int? NumberOf(string name)
    {
        if (name.Length < Prefix.Length + Suffix.Length || !name.StartsWith(Prefix))
        {
            return null;
        }

        var isNumber = int.TryParse(name.AsSpan(Prefix.Length..^Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;

        // Written in another way, as events-1 is, it is not a file of ours.
        return isNumber && name == NameOf(number) ? number : null;
    }
}
