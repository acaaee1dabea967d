using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// A recording's file opened to be written by one process at a time: the writer holds a lock on <c>FILE.lock</c> beside it, which ends
/// with the process, and readers are free. Throws what files throw. Owned by the writer.
/// </summary>
internal sealed class RecordingFile : IRecordingFile
{
    private readonly FileStream gate;
    private readonly FileStream file;
    private readonly string path;
    private readonly FileNumber? number;

    private RecordingFile(FileStream gate, FileStream file)
    {
        this.gate = gate;
        this.file = file;
        path = Path.GetFullPath(file.Name);
        number = FileNumber.Of(file.SafeFileHandle);
    }

    public long Length => file.Length;

    /// <inheritdoc/>
    public bool IsAtItsName => number is null ? File.Exists(path) : FileNumber.Of(path) == number;

    /// <summary>For reading what is there.</summary>
    public Stream Stream => file;

    /// <summary>Opens the file, making it when it is missing.</summary>
    /// <exception cref="IOException">It cannot be opened; see <see cref="IsTaken"/> for one reason.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static RecordingFile Open(string path)
    {
        var taken = PrivateFile.Open(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        try
        {
            return new(taken, PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>True when a file could not be opened because another process records into it.</summary>
    public static bool IsTaken(string path) => IsLocked(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>
    /// True while a process records into a file, for those who only read it. They take a lock that readers share, so they keep no reader out.
    /// </summary>
    public static bool IsBeingWritten(string path) => IsLocked(path, FileAccess.Read, FileShare.Read);

    private static bool IsLocked(string path, FileAccess access, FileShare share)
    {
        try
        {
            using var taken = new FileStream(path + ".lock", FileMode.Open, access, share, 1);
            return false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return problem is IOException and not FileNotFoundException;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(file.SafeFileHandle, bytes, at);

    /// <summary>Returns when everything written is on disk.</summary>
    public void Sync() => RandomAccess.FlushToDisk(file.SafeFileHandle);

    public void Cut(long length)
    {
        file.SetLength(length);
        Sync();
    }

    /// <summary>Makes the file's name as lasting as its bytes.</summary>
    public void SyncName() => FolderSync.Sync(Path.GetDirectoryName(path)!);

    public void Dispose()
    {
        file.Dispose();
        gate.Dispose();
    }
}
