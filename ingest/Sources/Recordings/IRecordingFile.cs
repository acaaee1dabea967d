namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>A recording's file opened to be written by one process at a time. Any call may throw what files throw. Owned by the writer.</summary>
public interface IRecordingFile : IDisposable
{
    long Length { get; }

    /// <summary>For reading what is there.</summary>
    Stream Stream { get; }

    void Write(ReadOnlySpan<byte> bytes, long at);

    /// <summary>Returns when everything written is on disk.</summary>
    void Sync();

    /// <summary>Makes the file so long, and returns when that is on disk.</summary>
    void Cut(long length);

    /// <summary>Makes the file's name as lasting as its bytes.</summary>
    void SyncName();

    /// <summary>False when the file was deleted or moved, or another stands in its place: what is written into it is lost with the process.</summary>
    bool IsAtItsName => true;
}
