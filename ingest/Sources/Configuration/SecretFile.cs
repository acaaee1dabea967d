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
        using var claim = FileClaim.Take($"{path}.claim", Patience);
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
