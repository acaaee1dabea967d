using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>Files as sources: recordings are known by their first bytes, everything else is read line by line or value by value.</summary>
internal static class FileSources
{
    /// <summary>
    /// The sources named, with the recordings of an embedded log in the place of its folder. Another folder stays, for its reader to refuse.
    /// </summary>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> names) =>
        [.. names.SelectMany(name => Directory.Exists(name) && TrySegments(name) is { Count: > 0 } segments ? segments : [name])];

    /// <summary>The files as sources in the order given, neighbours of one kind together.</summary>
    public static IReadOnlyList<IRecordSource> Open(IReadOnlyList<string> files, int maxRecordBytes)
    {
        var sources = new List<IRecordSource>();
        for (var i = 0; i < files.Count;)
        {
            var isRecording = RecordingInput.IsRecording(files[i]);
            var same = files.Skip(i).TakeWhile(file => RecordingInput.IsRecording(file) == isRecording).ToList();
            sources.Add(isRecording ? Recordings(same) : new FileSource([.. same.Select(FileInput.FromPath)], maxRecordBytes, TimeProvider.System));
            i += same.Count;
        }

        return sources;
    }

    /// <summary>Why the files cannot be counted together, because their pseudonyms are made with different keys; null when they can.</summary>
    /// <param name="key">The key of whatever is no recording.</param>
    public static string? FindConflict(IReadOnlyList<string> files, PseudonymKey key)
    {
        var recordings = files.Select(file => (Name: file, KeyId: RecordingInput.KeyIdOf(file)!)).Where(one => one.KeyId is not null).ToList();
        if (recordings.Count == 0)
        {
            return null;
        }

        if (recordings.Find(one => one.KeyId != recordings[0].KeyId) is { Name: not null } other)
        {
            return $"{recordings[0].Name} and {other.Name} were made under different pseudonym keys (ids {Shown(recordings[0].KeyId)} and "
                + $"{Shown(other.KeyId)}), "
                + "and one case in both would count as two: count them in runs of their own, or record them again under one key.";
        }

        var hasOthers = !files.All(RecordingInput.IsRecording) && key != PseudonymKey.Applied;
        return hasOthers && recordings[0].KeyId != key.Id
            ? $"{recordings[0].Name} was made under another pseudonym key (id {Shown(recordings[0].KeyId)}) than the other files are read with (id "
                + $"{key.Id}): give the recording's key with --pseudonym-key."
            : null;
    }

    private static RecordingSource Recordings(List<string> files) => new(
        [.. files.Select(LogFolder.InputOf)], new RecordingSourceOptions { Report = Terminal.Say, Missing = LogFolder.Holes(files) });

    private static List<string> TrySegments(string folder)
    {
        try
        {
            return [.. LogFolder.Inputs(folder).Select(segment => segment.Name)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Shown(string keyId) => keyId.Length == 0 ? "unknown" : keyId;
}
