using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>A folder on disk that one process holds. What is in it may be read by its owner alone.</summary>
public sealed class StateFiles : IStateFiles, IDisposable
{
    private readonly string folder;
    private readonly FileStream? gate;

    private StateFiles(string folder, FileStream? gate) => (this.folder, this.gate) = (folder, gate);

    public string Name => folder;

    /// <summary>Takes hold of a folder, making it when there is none.</summary>
    /// <exception cref="IOException">It cannot be had; the message says why in one sentence.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write in it.</exception>
    /// <param name="report">Told one sentence when rights had to be taken from a file that holds cases.</param>
    public static StateFiles Open(string folder, Action<string>? report = null)
    {
        StateFolder.Create(folder);
        foreach (var said in Directory.EnumerateFiles(folder).Where(HoldsCases).Select(PrivateFile.Close).OfType<string>())
        {
            report?.Invoke(said);
        }

        try
        {
            var path = Path.Combine(folder, StateFolder.StateLock);
            return new StateFiles(folder, PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw new IOException($"the state in {folder} is in use by another process, or cannot be locked ({error.Message}): stop the other one, or give "
                + "another folder.", error);
        }
    }

    /// <summary>A folder to look at while its owner may be running.</summary>
    public static IStateFiles ToLookAt(string folder) => new StateFiles(folder, null);

    /// <summary>A folder that its owner holds by another lock, as that of an embedded log is.</summary>
    public static IStateFiles OfHeld(string folder) => new StateFiles(folder, null);

    public IReadOnlyList<string> List() => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))] : [];

    public Stream Read(string name) =>
        new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    public IStateFile Create(string name) => new StateFile(PrivateFile.Open(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read));

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void SyncNames() => FolderSync.Sync(folder);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void Dispose() => gate?.Dispose();

    /// <summary>Checkpoints and notes. A key that others could read is no secret any more and is refused where it is loaded.</summary>
    private static bool HoldsCases(string path) => Path.GetExtension(path) is ".kpistate" or ".json" or ".tmp";

    private string PathOf(string name) => Path.Combine(folder, name);

    private sealed class StateFile(FileStream file) : IStateFile
    {
        public void Write(ReadOnlySpan<byte> bytes) => file.Write(bytes);

        public void Sync() => file.Flush(flushToDisk: true);

        public void Dispose() => file.Dispose();
    }
}
