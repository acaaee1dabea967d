using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// Which pseudonym key holds: the file that was named, else the environment's, else a default that depends on the command.
/// A file and the environment together are refused, because one of them would silently not be used.
/// </summary>
public static class PseudonymKeyChoice
{
    /// <summary>The environment variable; 32 hexadecimal digits.</summary>
    public const string Variable = "KPISTREAM_PSEUDONYM_KEY";

    private const string Setting = "pseudonym_key_file";

    /// <summary>For <c>serve</c>: a named file is made when it is missing, and the default is a file in the state folder.</summary>
    /// <param name="isDemo">The default is then a random key that is written nowhere.</param>
    /// <returns>Null when <paramref name="problems"/> got any.</returns>
    public static PseudonymKey? ForServe(Settings settings, bool isDemo, ICollection<ConfigProblem> problems, FreshFiles? fresh = null)
    {
        if (settings.PseudonymKeyFile is { } file)
        {
            return IsAlone($"'{Setting}' of the settings", problems) ? PseudonymKeyFile.LoadOrCreate(file, problems, fresh) : null;
        }

        return FromEnvironment(problems, out var key) ? key
            : isDemo ? new PseudonymKey(RandomNumberGenerator.GetBytes(SipHash.KeyBytes))
            : PseudonymKeyFile.LoadOrCreate(Path.Combine(StateFolder.Of(settings), PseudonymKeyFile.DefaultName), problems, fresh);
    }

    /// <summary>For commands over sources, which keep nothing: an existing file, else the environment's, else <see cref="PseudonymKey.Fixed"/>.</summary>
    /// <param name="file">The file named by <c>--pseudonym-key</c>; null when there is none.</param>
    /// <returns>Null when <paramref name="problems"/> got any.</returns>
    public static PseudonymKey? ForSources(string? file, ICollection<ConfigProblem> problems) =>
        Named(file, problems, out var key) ? key : PseudonymKey.Fixed;

    /// <summary>The key that was named by file or environment.</summary>
    /// <param name="file">As in <see cref="ForSources"/>.</param>
    /// <param name="key">The key; null when <paramref name="problems"/> got any.</param>
    /// <returns>False when neither names one.</returns>
    public static bool Named(string? file, ICollection<ConfigProblem> problems, out PseudonymKey? key)
    {
        if (file is null)
        {
            return FromEnvironment(problems, out key);
        }

        key = IsAlone("--pseudonym-key", problems) ? PseudonymKeyFile.Load(file, problems) : null;
        return true;
    }

    /// <summary>Names what <see cref="ForServe"/> would complain about, without making anything.</summary>
    public static void Check(Settings settings, ICollection<ConfigProblem> problems)
    {
        if (settings.PseudonymKeyFile is null)
        {
            FromEnvironment(problems, out _);
        }
        else if (IsAlone($"'{Setting}' of the settings", problems) && File.Exists(settings.PseudonymKeyFile))
        {
            PseudonymKeyFile.Load(settings.PseudonymKeyFile, problems);
        }
    }

    private static string? Text => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    private static bool IsAlone(string other, ICollection<ConfigProblem> problems)
    {
        if (Text is not null)
        {
            problems.Add(new ConfigProblem(
                Variable, 0, "", $"the pseudonym key is named twice, by this environment variable and by {other}; remove one of them"));
        }

        return Text is null;
    }

    private static bool FromEnvironment(ICollection<ConfigProblem> problems, out PseudonymKey? key)
    {
        key = null;
        if (Text is not { } text)
        {
            return false;
        }

        if (PseudonymKey.TryParse(text, out var read))
        {
            key = read;
        }
        else
        {
            problems.Add(new ConfigProblem(Variable, 0, "",
                "this environment variable holds no pseudonym key; set it to 32 hexadecimal digits, as 'openssl rand -hex 16' makes them, or unset it"));
        }

        return true;
    }
}
