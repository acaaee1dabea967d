namespace KpiStream.Ingest.Host.Doctor;

/// <summary>
/// Whether a folder can be written, and how much room there is. A file is made in it and is gone at once; without the folder its parent is looked at.
/// </summary>
/// <param name="Error">Why not; empty when it can.</param>
/// <param name="FreeBytes">Room for this user.</param>
internal sealed record FolderProbe(string Error, long FreeBytes)
{
    public static FolderProbe Of(string folder)
    {
        var there = Path.GetFullPath(folder);
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } parent)
        {
            there = parent;
        }

        try
        {
            using (new FileStream(Path.Combine(there, $".doctor-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose))
            {
                return new FolderProbe("", new DriveInfo(there).AvailableFreeSpace);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new FolderProbe(error.Message, 0);
        }
    }

    /// <summary>True when another process holds a lock file. One that cannot be opened for another reason is not held.</summary>
    public static bool IsHeld(string lockFile)
    {
        try
        {
            using var file = File.Exists(lockFile) ? new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1) : null;
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
