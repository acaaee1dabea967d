using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Which of standard input, output and error the program was started without (<c>&lt;&amp;-</c>, <c>&gt;&amp;-</c>, <c>2&gt;&amp;-</c>). The runtime has by
/// then opened files of its own under those numbers, which must be neither read nor written. Known from the first use on; immutable.
/// </summary>
public static class StandardHandles
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private const int GetFlags = 1; // F_GETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int ReadAndWrite = 2; // O_RDWR

    private static readonly bool[] Closed = Look();

    /// <summary>True when the program was started without this one.</summary>
    public static bool IsClosed(int handle) => Closed[handle];

    /// <summary>What survived the start of the program cannot be marked to be closed by it: a handle that is so marked was opened by the runtime.</summary>
    private static bool[] Look()
    {
        var closed = new bool[Error + 1];
        for (var handle = Input; handle <= Error && !OperatingSystem.IsWindows(); handle++)
        {
            var flags = fcntl(handle, GetFlags);
            closed[handle] = flags < 0 || (flags & CloseOnExec) != 0;
            if (flags < 0)
            {
                _ = open("/dev/null", ReadAndWrite); // Takes the free number, so that no file opened later gets it.
            }
        }

        return closed;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fcntl(int handle, int command);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
