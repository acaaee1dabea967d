using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// The pseudonym key as a file: 32 hexadecimal digits, readable by its owner alone. What it protects and how it is changed
/// is in <c>engine/Codecs/PSEUDONYMS.md</c>.
/// </summary>
public static class PseudonymKeyFile
{
    /// <summary>The file's name where the program chooses it.</summary>
    public const string DefaultName = "pseudonym.key";

    private const string Advice = "write 32 hexadecimal digits into it, as 'openssl rand -hex 16' makes them, and keep it secret";
    private const string Danger = "who reads it can find a case by its code";

    /// <summary>The key of an existing file; null when <paramref name="problems"/> got any.</summary>
    public static PseudonymKey? Load(string path, ICollection<ConfigProblem> problems)
    {
        if (SecretFile.Load(path, Advice, Danger, problems) is not { } text)
        {
            return null;
        }

        if (PseudonymKey.TryParse(text, out var key))
        {
            return key;
        }

        problems.Add(new ConfigProblem(path, 1, "", $"is no pseudonym key; {Advice}"));
        return null;
    }

    /// <summary>The key of a file, made at random when there is none; null when <paramref name="problems"/> got any.</summary>
    public static PseudonymKey? LoadOrCreate(string path, ICollection<ConfigProblem> problems, FreshFiles? fresh = null) =>
        SecretFile.TryMake(path, "pseudonym key", static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SipHash.KeyBytes)), problems, fresh)
            ? Load(path, problems) : null;
}
