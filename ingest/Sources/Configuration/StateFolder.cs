namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Where <c>serve</c> keeps what must outlive it: the pseudonym key and the dead letters.</summary>
public static class StateFolder
{
    /// <summary>Set by systemd for a unit with <c>StateDirectory=</c>.</summary>
    public const string Variable = "STATE_DIRECTORY";

    /// <summary>Held by the process that writes checkpoints in a folder.</summary>
    public const string StateLock = "state.lock";

    /// <summary>Held by the process that writes an embedded log in a folder.</summary>
    public const string LogLock = "log.lock";

    /// <summary>In the working folder, where neither the settings nor the service manager name another.</summary>
    public const string DefaultName = "kpistream-state";

    /// <summary>
    /// The folder that holds: the settings', the embedded log's, the service manager's first, or <see cref="DefaultName"/>. It need not exist.
    /// </summary>
    public static string Of(Settings settings) =>
        settings.StateFolder ?? settings.Log?.Folder ?? Environment.GetEnvironmentVariable(Variable)?.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault() ?? DefaultName;

    /// <summary>Makes a folder that only its owner may enter.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>True for the path of a file, there or not, in a folder that serve has held: with checkpoints or an embedded log.</summary>
    public static bool IsHeld(string path) => Path.GetDirectoryName(path) is { } folder
        && (File.Exists(Path.Combine(folder, StateLock)) || File.Exists(Path.Combine(folder, LogLock)));

    /// <summary>True for a folder in which serve keeps its keys.</summary>
    public static bool HasKeys(string folder) =>
        File.Exists(Path.Combine(folder, PseudonymKeyFile.DefaultName)) || File.Exists(Path.Combine(folder, ApiKeyFile.DefaultName));
}
