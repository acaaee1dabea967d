namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>One program at a time: a file that is held open by the one whose turn it is. The claim ends with its owner, even one that is killed.</summary>
public static class FileClaim
{
    /// <summary>The claim, once nobody else has it; given back when it is disposed of.</summary>
    /// <param name="path">A file that is there only while it is claimed; its folder must exist.</param>
    /// <param name="patience">How long to wait.</param>
    /// <exception cref="IOException">Somebody has it for too long, or it cannot be made.</exception>
    public static FileStream Take(string path, TimeSpan patience)
    {
        FileStream? claim = null;
        return SpinWait.SpinUntil(() => (claim = TryTake(path)) is not null, patience) ? claim! : Open(path);
    }

    private static FileStream? TryTake(string path)
    {
        try
        {
            return Open(path);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
}
