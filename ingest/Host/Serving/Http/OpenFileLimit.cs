using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>How many connections the system's limit on open files leaves room for.</summary>
internal static class OpenFileLimit
{
    /// <summary>For the log's segments, checkpoints, dead letters, Kafka's connections, and what is being closed or opened at the moment.</summary>
    public const int KeptForFiles = 64;

    /// <summary>More connections than one wallboard server has readers.</summary>
    public const int MostConnections = 4_096;

    private const int LeastConnections = 16;
    private const int OpenFiles = 7; // RLIMIT_NOFILE
    private const string OwnFiles = "/proc/self/fd";

    /// <summary>The most connections, by what this process may open and has open now.</summary>
    public static int Connections() => ConnectionsOf(Limit(), Directory.Exists(OwnFiles) ? Directory.GetFileSystemEntries(OwnFiles).Length : 0);

    /// <param name="limit">Files that may be open.</param>
    /// <param name="used">Files that are.</param>
    /// <remarks>A connection that is being closed still has its file.</remarks>
    internal static int ConnectionsOf(long limit, int used) =>
        (int)Math.Clamp(limit - used - KeptForFiles - ConnectionLimit.MostClosing, LeastConnections, MostConnections);

    /// <summary>The limit in force; the runtime has raised it as far as it may by the time anybody asks.</summary>
    private static long Limit() => OperatingSystem.IsLinux() && getrlimit(OpenFiles, out var limit) == 0
        ? (long)Math.Min(limit.Current, int.MaxValue) : int.MaxValue;

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getrlimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly nuint Current;
        public readonly nuint Most;
    }
}
