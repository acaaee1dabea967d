using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>Makes the names in a folder as lasting as the files' bytes: a new name is lost with the power unless its folder is on disk too.</summary>
public static class FolderSync
{
    /// <summary>What a file system answers that keeps no folders of its own to be synced, as some shared by a network do.</summary>
    private const int InvalidArgument = 22;

    /// <summary>Returns when the names are on disk, as far as the file system can be asked.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Its file systems keep names in their journal.
        }

        var handle = open(folder, 0);
        var error = handle < 0 || fsync(handle) != 0 ? Marshal.GetLastPInvokeError() : 0;
        if (handle >= 0)
        {
            _ = close(handle);
        }

        if (error is not (0 or InvalidArgument))
        {
            throw new IOException($"{folder} could not be brought to disk: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    // The library opens no folders.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int handle);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int handle);
}
