using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>Makes the names in a folder as lasting as the files' bytes: a new name is lost with the power unless its folder is on disk too.</summary>
internal static class FolderSync
{
    /// <summary>Returns when the names are on disk, as far as the system can be asked.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Its file systems keep names in their journal.
        }

        var handle = open(folder, 0);
        if (handle >= 0)
        {
            _ = fsync(handle);
            _ = close(handle);
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
