using System.Globalization;
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

    /// <summary>True when the folder holds a log.</summary>
    public static bool IsLog(string folder) => Segments(folder).Count > 0;

    /// <summary>True for the path of a segment, there or not, in a folder that holds a log.</summary>
    public static bool IsSegment(string path) => NumberOf(Path.GetFileName(path)) is not null && Path.GetDirectoryName(path) is { } folder
        && Directory.Exists(folder) && IsLog(folder);

    /// <summary>The segments as recordings to read, in order.</summary>
    public static IReadOnlyList<RecordingInput> Inputs(string folder) => [.. Segments(folder).Select(number => InputOf(PathOf(folder, number)))];

    /// <summary>
    /// A recording to read, which may be a segment of a log: the newest may lack its end, and whatever was acknowledged is in it all the same.
    /// </summary>
    public static RecordingInput InputOf(string path) => RecordingInput.FromPath(path) is var input && IsNewest(path)
        ? input with { FindWriting = () => input.FindWriting() is RecordingWriting.Now ? RecordingWriting.Now : RecordingWriting.Open }
        : input;

    private static bool IsNewest(string path) => NumberOf(Path.GetFileName(path)) is { } number
        && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Segments(folder) is [.., var newest] && newest == number;

    /// <summary>The name of a segment.</summary>
    internal static string NameOf(int number) => $"{Prefix}{number:00000000}{Suffix}";

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
