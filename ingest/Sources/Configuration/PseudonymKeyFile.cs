using System.Security.Cryptography;
using System.Text;
using KpiStream.Engine.Codecs;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// The pseudonym key (spec section 2) as a file: 32 hexadecimal digits, readable by its owner alone. What it protects and how it is changed
/// is in <c>engine/Codecs/PSEUDONYMS.md</c>. Messages name the file and never show what it holds.
/// </summary>
public static class PseudonymKeyFile
{
    /// <summary>The file's name where the program chooses it.</summary>
    public const string DefaultName = "pseudonym.key";

    private const string Advice = "write 32 hexadecimal digits into it, as 'openssl rand -hex 16' makes them, and keep it secret";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key of an existing file; null when <paramref name="problems"/> got any.</summary>
    public static PseudonymKey? Load(string path, ICollection<ConfigProblem> problems)
    {
        if (ConfigText.TryRead(path, Advice, problems) is not { } text)
        {
            return null;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            problems.Add(new ConfigProblem(path, 0, "", "may be read or written by others than its owner, and who reads it can find a case by its code; "
                + $"run 'chmod 600 {path}', and make a new key if somebody may have read this one"));
            return null;
        }

        if (PseudonymKey.TryParse(text, out var key))
        {
            return key;
        }

        problems.Add(new ConfigProblem(path, 1, "", $"is no pseudonym key; {Advice}"));
        return null;
    }

    /// <summary>
    /// The key of a file, made at random when there is none. The file appears whole and with its permissions at once, and of several
    /// programs that start together one makes it and all use it.
    /// </summary>
    public static PseudonymKey? LoadOrCreate(string path, ICollection<ConfigProblem> problems)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"the pseudonym key cannot be made ({trouble.Message}); make its folder writable, or name another file"));
            return null;
        }

        return Load(path, problems);
    }

    private static void Create(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            StateFolder.Create(folder);
        }

        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Write(unfinished);

            // Never over another one: what that has named would be lost.
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another program was quicker, and its key is as good.
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void Write(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SipHash.KeyBytes)) + "\n"));
        file.Flush(flushToDisk: true);
    }
}
