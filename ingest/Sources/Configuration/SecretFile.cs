using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>A small file that only its owner may read. Messages name the file and never show what it holds.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite
            | UnixFileMode.OtherExecute;

    // Who has the claim writes some bytes and flushes them.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The text of an existing file; null when <paramref name="problems"/> got any.</summary>
    /// <param name="path">The file.</param>
    /// <param name="advice">What to write into it when there is none.</param>
    /// <param name="danger">What somebody else who reads it can do, for the refusal of a file that others may read.</param>
    /// <param name="problems">Gets every mistake found.</param>
    public static string? Load(string path, string advice, string danger, ICollection<ConfigProblem> problems)
    {
        if (ConfigText.TryRead(path, advice, problems) is not { } text)
        {
            return null;
        }

        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == UnixFileMode.None)
        {
            return text;
        }

        problems.Add(new ConfigProblem(
            path, 0, "", $"may be read or written by others than its owner, and {danger}; run 'chmod 600 {path}', and make a new key if somebody may have "
                + "read this one"));
        return null;
    }

    /// <summary>
    /// Makes the file when there is none. It appears whole and with its permissions at once, and of several programs that start together one makes it
    /// and all use it.
    /// </summary>
    /// <param name="path">The file; its folder is made too.</param>
    /// <param name="what">What it holds, for messages.</param>
    /// <param name="make">What to write into it.</param>
    /// <param name="problems">Gets every mistake found.</param>
    /// <param name="fresh">Told of a file that was made.</param>
    /// <returns>False when <paramref name="problems"/> got any.</returns>
    public static bool TryMake(string path, string what, Func<string> make, ICollection<ConfigProblem> problems, FreshFiles? fresh)
    {
        try
        {
            if (!File.Exists(path) && TryCreate(path, make()))
            {
                fresh?.Add(path);
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"the {what} cannot be made ({error.Message}); make its folder writable, or name another file"));
            return false;
        }
    }

    /// <summary>False when another program was faster.</summary>
    private static bool TryCreate(string path, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            StateFolder.Create(folder);
        }

        // A move that must not overwrite looks first and moves then, so that two programs may both find nothing: one at a time. The holder of the claim
        // after it was deleted finds the file.
        using var claim = Claim($"{path}.claim");
        if (File.Exists(path))
        {
            return false;
        }

        var unfinished = $"{path}.unfinished";
        File.Delete(unfinished);
        Write(unfinished, text);
        File.Move(unfinished, path, overwrite: false);
        return true;
    }

    /// <summary>The claim, once nobody else has it; it ends with its owner, even one that is killed.</summary>
    /// <exception cref="IOException">Somebody has it for too long, or it cannot be made.</exception>
    private static FileStream Claim(string path)
    {
        FileStream? claim = null;
        return SpinWait.SpinUntil(() => (claim = TryClaim(path)) is not null, Patience) ? claim! : Open(path);
    }

    private static FileStream? TryClaim(string path)
    {
        try
        {
            return Open(path);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(text + "\n"));
        file.Flush(flushToDisk: true);
    }
}
