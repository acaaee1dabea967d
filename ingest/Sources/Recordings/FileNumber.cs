using Microsoft.Win32.SafeHandles;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>Which file it is, whatever its name: the device and the number of the file on it.</summary>
public readonly record struct FileNumber(ulong Device, ulong Number)
{
    /// <summary>The file at a path; null where there is none, or the system cannot be asked.</summary>
    public static FileNumber? Of(string path) => Named(FileStatus.Of(path));

    /// <summary>An open file; null when it has no name any more, or the system cannot be asked.</summary>
    public static FileNumber? Of(SafeFileHandle handle) => Named(FileStatus.Of(handle));

    private static FileNumber? Named(FileStatus? status) => status is { Links: > 0 } known ? known.Number : null;
}
