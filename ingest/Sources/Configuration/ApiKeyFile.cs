using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// The API keys that may post events, one a line; a line beginning with # is a comment. Readable by its owner alone. Messages never show a key.
/// </summary>
public static class ApiKeyFile
{
    /// <summary>The file's name in the log's folder where the settings name none.</summary>
    public const string DefaultName = "api.key";

    private const int LeastCharacters = 16;
    private const int RandomBytes = 24;
    private const string Advice = "write one key a line, each of at least 16 characters, as 'openssl rand -hex 24' makes them";

    /// <summary>The keys of a file, made with one random key when there is none; null when <paramref name="problems"/> got any.</summary>
    public static IReadOnlyList<string>? LoadOrCreate(string path, ICollection<ConfigProblem> problems, FreshFiles? fresh = null)
    {
        if (!SecretFile.TryMake(path, "API key", static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)), problems, fresh)
            || SecretFile.Load(path, Advice, "who reads it can post events", problems) is not { } text)
        {
            return null;
        }

        var keys = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToList();
        if (keys.Count == 0 || keys.Exists(key => key.Length < LeastCharacters))
        {
            problems.Add(new ConfigProblem(path, 0, "", $"holds no key, or one that is too short; {Advice}"));
            return null;
        }

        return keys;
    }
}
