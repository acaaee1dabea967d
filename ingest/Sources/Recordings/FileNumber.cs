using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>Which file it is, whatever its name: the device and the number of the file on it.</summary>
public readonly record struct FileNumber(ulong Device, ulong Number)
{
    private const int FromWorkingFolder = -100; // AT_FDCWD
    private const int OfTheHandle = 0x1000; // AT_EMPTY_PATH
    private const uint NumberAndLinks = 0x104; // STATX_INO | STATX_NLINK
    private const int AnswerBytes = 256, LinksAt = 16, NumberAt = 32, DeviceAt = 136; // The kernel's struct statx is the same on every processor.

    /// <summary>The file at a path; null where there is none, or the system cannot be asked.</summary>
    public static FileNumber? Of(string path) => OperatingSystem.IsLinux() ? Ask(FromWorkingFolder, path, 0) : null;

    /// <summary>An open file; null when it has no name any more, or the system cannot be asked.</summary>
    public static FileNumber? Of(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return Ask((int)handle.DangerousGetHandle(), "", OfTheHandle);
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static FileNumber? Ask(int folder, string path, int flags)
    {
        var answer = new byte[AnswerBytes];
        return statx(folder, path, flags, NumberAndLinks, answer) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(LinksAt)) == 0
            ? null
            : new FileNumber(BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(DeviceAt)), BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(NumberAt)));
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] answer);
}
