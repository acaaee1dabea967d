namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Files that hold cases, or what serve decides by: their owner alone may read and write them, in a folder that others may look into too.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, made for its owner alone when it is missing.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        var how = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, how);
    }

    /// <summary>Takes a file's rights from everybody but its owner, where an earlier version or somebody else gave some.</summary>
    /// <returns>What was done, or why it could not be, in one sentence; null when there was nothing to do.</returns>
    public static string? Close(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~OwnerOnly) == UnixFileMode.None)
            {
                return null;
            }

            File.SetUnixFileMode(path, mode & OwnerOnly);
            return $"{path} holds cases and could be read or written by others than its owner: that has been ended (mode 600).";
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"{path} holds cases and may be read or written by others than its owner, and this user cannot change that ({problem.Message}): run "
                + $"'chmod 600 {path}' as its owner.";
        }
    }
}
