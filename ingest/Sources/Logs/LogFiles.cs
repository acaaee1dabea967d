using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>A log's folder on disk.</summary>
/// <param name="folder">Its path; it may be made later.</param>
public sealed class LogFiles(string folder) : ILogFiles
{
    internal const string LockName = StateFolder.LogLock;

    public string Name => folder;

    public IReadOnlyList<string> List() => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))] : [];

    /// <summary>Told one sentence when rights had to be taken from a file that holds cases.</summary>
    public Action<string> Report { get; init; } = static _ => { };

    public IDisposable Lock()
    {
        StateFolder.Create(folder);
        foreach (var said in LogFolder.Segments(this).Select(number => PrivateFile.Close(LogFolder.PathOf(folder, number))).OfType<string>())
        {
            Report(said);
        }

        try
        {
            return PrivateFile.Open(PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new IOException($"the log in {folder} is in use by another process, or cannot be locked ({error.Message}): stop the other one, or give "
                + "another folder.", error);
        }
    }

    public IRecordingFile Write(string name) => RecordingFile.Open(PathOf(name));

    public Stream Read(string name) => RecordingInput.FromPath(PathOf(name)).Open();

    public FileNumber? NumberOf(string name) => FileNumber.Of(PathOf(name));

    private string PathOf(string name) => Path.Combine(folder, name);
}
