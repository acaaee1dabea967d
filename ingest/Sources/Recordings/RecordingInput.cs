namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>A recording to read.</summary>
/// <param name="Name">What to call it in messages.</param>
/// <param name="Open">Opens it for reading with seeking; may throw what opening a file throws.</param>
public sealed record RecordingInput(string Name, Func<Stream> Open)
{
    /// <summary>Whether its end may still move.</summary>
    public Func<RecordingWriting> FindWriting { get; init; } = static () => RecordingWriting.Ended;

    /// <summary>A file by its path; others may go on writing it.</summary>
    public static RecordingInput FromPath(string path) => new(
        path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
    {
        FindWriting = () => RecordingFile.IsBeingWritten(path) ? RecordingWriting.Now : RecordingWriting.Ended,
    };

    /// <summary>
    /// True when the file begins as a recording does, whatever its name, also when that is all there is of it, and for an empty one by its name. False for
    /// anything that cannot be opened or read.
    /// </summary>
    public static bool IsRecording(string path) =>
        Start(path) switch
        {
            { Kind: RecordingStartKind.Recording or RecordingStartKind.Unreadable } => true,
            { Kind: RecordingStartKind.Unfinished, Bytes: 0 } => HasName(path),
            { Kind: RecordingStartKind.Unfinished, BeginsWithMagic: true } => true,
            _ => false,
        };

    /// <summary>True for a name that recordings are given.</summary>
    public static bool HasName(string path) => path.EndsWith(".rec") || path.EndsWith(".kpirec");

    /// <summary>The id of the pseudonym key of a recording; empty when it is not known, null when the file has no header to say it.</summary>
    public static string? KeyIdOf(string path) => Start(path) is { Kind: RecordingStartKind.Recording } start ? start.KeyId : null;

    private static RecordingStart? Start(string path)
    {
        try
        {
            // A named pipe is opened once, by its reader: opened before, its writer loses what it sent, and the reader waits for ever.
            using var file = File.Exists(path) && FileStatus.Of(path) is not { IsRegular: false } ? FromPath(path).Open() : Stream.Null;
            return file.CanSeek && file != Stream.Null ? RecordingStart.Read(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null; // Its reader will say what is wrong.
        }
    }
}

/// <summary>What is known of a recording's writer.</summary>
public enum RecordingWriting
{
    /// <summary>Nobody writes it: what is whole ends with its manifest.</summary>
    Ended,

    /// <summary>A process holds it open for writing, and has not written its end yet.</summary>
    Now,

    /// <summary>A log's newest segment: whatever was acknowledged is in it, and its process may have been killed at any time.</summary>
    Open,
}
