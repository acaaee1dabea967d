using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>What the Linux kernel says of a file: statx(2), asked in this place only.</summary>
/// <param name="Number">Device and number on the device.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Mode">Kind and permissions.</param>
/// <param name="Owner">The number of the user whose it is.</param>
public readonly record struct FileStatus(FileNumber Number, uint Links, ushort Mode, uint Owner)
{
    private const int TypeMask = 0xF000, RegularType = 0x8000, FolderType = 0x4000; // S_IFMT, S_IFREG, S_IFDIR
    private const int FromWorkingFolder = -100; // AT_FDCWD
    private const int OfTheHandle = 0x1000; // AT_EMPTY_PATH
    private const uint Wanted = 0x10D; // STATX_TYPE | STATX_NLINK | STATX_UID | STATX_INO

    // The kernel's struct statx is the same on every processor.
    private const int AnswerBytes = 256, LinksAt = 16, OwnerAt = 20, ModeAt = 28, NumberAt = 32, DeviceAt = 136;

    public bool IsRegular => (Mode & TypeMask) == RegularType;

    public bool IsFolder => (Mode & TypeMask) == FolderType;

    /// <summary>What is at a path, links followed; null where there is nothing, or the system cannot be asked.</summary>
    public static FileStatus? Of(string path) => OperatingSystem.IsLinux() ? Ask(FromWorkingFolder, path, 0) : null;

    /// <summary>An open file; null when the system cannot be asked.</summary>
    public static FileStatus? Of(SafeFileHandle handle)
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

    private static FileStatus? Ask(int folder, string path, int flags)
    {
        var answer = new byte[AnswerBytes];
        return statx(folder, path, flags, Wanted, answer) != 0 ? null : new FileStatus(
            new FileNumber(BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(DeviceAt)), BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(NumberAt))),
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(LinksAt)),
            BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(ModeAt)),
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(OwnerAt)));
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] answer);
}
