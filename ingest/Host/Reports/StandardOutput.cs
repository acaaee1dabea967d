using Microsoft.Win32.SafeHandles;

namespace KpiStream.Ingest.Host.Reports;

/// <summary>Standard output as bytes, and what is known of writing to it.</summary>
internal static class StandardOutput
{
    /// <summary>The name by which command lines mean it.</summary>
    public const string Name = "-";

    private const int Handle = 1;
    private const int BrokenPipe = 32; // EPIPE

    /// <summary>
    /// Opens it. The console's own stream goes on writing to a pipe nobody reads any more and says nothing; through a stream on the
    /// handle such a pipe is an error, and a long run ends. Where the handle is a file, the console's stream keeps the common position.
    /// </summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var direct = new FileStream(new SafeFileHandle(Handle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!direct.CanSeek)
        {
            return direct;
        }

        direct.Dispose();
        return Console.OpenStandardOutput();
    }

    /// <summary>True when the reader has seen enough and left, like <c>head</c>: no trouble, only no need for more.</summary>
    public static bool HasReaderLeft(IOException trouble) => trouble.HResult == BrokenPipe && !OperatingSystem.IsWindows();
}
