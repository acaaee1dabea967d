using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// The folder of an embedded log, as much of a file system as it needs: a test may put another in its place. Any call may throw <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>.
/// </summary>
public interface ILogFiles
{
    /// <summary>What to call it in messages.</summary>
    string Name { get; }

    /// <summary>The names of the files there are, in any order; none when there is no such folder.</summary>
    IReadOnlyList<string> List();

    /// <summary>Makes the folder when there is none and takes hold of it, until disposed of.</summary>
    IDisposable Lock();

    /// <summary>Opens a file for writing, making it when it is missing.</summary>
    IRecordingFile Write(string name);

    /// <summary>Opens a file for reading with seeking; it may grow meanwhile.</summary>
    Stream Read(string name);

    /// <summary>Which file has this name now; null where that cannot be said.</summary>
    FileNumber? NumberOf(string name) => null;
}
