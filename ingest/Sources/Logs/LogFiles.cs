using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>A log's folder on disk.</summary>
/// <param name="folder">Its path; it may be made later.</param>
public sealed class LogFiles(string folder) : ILogFiles
{
    private const string LockName = "log.lock";

    public string Name => folder;

    public IReadOnlyList<string> List() => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))] : [];

    public IDisposable Lock()
    {
        StateFolder.Create(folder);
        try
        {
            return new FileStream(PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException trouble)
        {
            throw new IOException($"the log in {folder} is in use by another process, or cannot be locked ({trouble.Message}): stop the other one, or give another folder.", trouble);
        }
    }

    public IRecordingFile Write(string name) => RecordingFile.Open(PathOf(name));

    public Stream Read(string name) => RecordingInput.FromPath(PathOf(name)).Open();

    private string PathOf(string name) => Path.Combine(folder, name);
}
