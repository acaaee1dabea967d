using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Output;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    /// <summary>Nothing yet.</summary>
    Missing,

    Regular,

    Folder,

    /// <summary>A pipe, a terminal, a device or a socket: writing to it replaces nothing.</summary>
    Special,
}

/// <summary>
/// Which file a path means, whatever it is called: device and number on the device, with links resolved. Of a file that does not exist yet, the folder that it
/// would be in, and its name there. Where the system cannot be asked (not Linux), the full path with links resolved.
/// </summary>
/// <param name="Key">Equal for two paths that mean one file.</param>
/// <param name="Kind">What is there now.</param>
internal readonly record struct FileIdentity(string Key, FileKind Kind)
{
    /// <summary>Looks at a path; one that cannot be looked at is <see cref="FileKind.Missing"/>.</summary>
    public static FileIdentity Of(string path) => TryLook(path) ?? OfMissing(path);

    /// <summary>The file behind standard input or output, which may be a file like any other.</summary>
    /// <param name="handle">Of <see cref="StandardHandles"/>.</param>
    public static FileIdentity OfStandard(int handle) =>
        !OperatingSystem.IsLinux() || StandardHandles.IsClosed(handle) ? new FileIdentity($"standard {handle}", FileKind.Special)
            : Of($"/proc/self/fd/{handle}");

    /// <summary>The folder that a path's file is in, or would be in.</summary>
    public static FileIdentity FolderOf(string path) => Of(Path.GetDirectoryName(Resolve(path)) ?? path);

    private static FileIdentity OfMissing(string path)
    {
        var real = Resolve(path);
        var folder = Path.GetDirectoryName(real);
        return folder is null ? new FileIdentity(real, FileKind.Missing) : new FileIdentity($"{Of(folder).Key}/{Path.GetFileName(real)}", FileKind.Missing);
    }

    /// <summary>Where a link to nothing leads; else the full path.</summary>
    public static string Resolve(string path)
    {
        try
        {
            return Path.GetFullPath(new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Path.Combine(Environment.CurrentDirectory, path); // A circle of links, or no path at all: writing to it will say so.
        }
    }

    private static FileIdentity? TryLook(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return LookByName(path);
        }

        return FileStatus.Of(path) is { } found
            ? new FileIdentity($"{found.Number.Device:x}:{found.Number.Number}", found.IsRegular ? FileKind.Regular : found.IsFolder ? FileKind.Folder
                : FileKind.Special)
            : null;
    }

    private static FileIdentity? LookByName(string path) =>
        Directory.Exists(path) ? new FileIdentity(Resolve(path), FileKind.Folder)
        : !File.Exists(path) ? null
        : new FileIdentity(Resolve(path), path.StartsWith("/dev/") ? FileKind.Special : FileKind.Regular);
}
