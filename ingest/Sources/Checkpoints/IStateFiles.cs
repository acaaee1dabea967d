namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>
/// The folder of the state, as much of a file system as checkpoints need: a test may put another in its place. Any call may throw <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>.
/// </summary>
public interface IStateFiles
{
    /// <summary>What to call it in messages.</summary>
    string Name { get; }

    /// <summary>The names of the files there are, in any order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens a file for reading from its start.</summary>
    Stream Read(string name);

    /// <summary>Begins a file anew.</summary>
    IStateFile Create(string name);

    /// <summary>Gives a file another name at once; a file of that name is gone then.</summary>
    void Rename(string from, string to);

    /// <summary>Returns when the names are on disk.</summary>
    void SyncNames();

    void Delete(string name);
}

/// <summary>A file being written, from its start to its end.</summary>
public interface IStateFile : IDisposable
{
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything written is on disk.</summary>
    void Sync();
}
