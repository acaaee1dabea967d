using KpiStream.Engine.Codecs;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Loads a pseudonym key (spec section 2) from a path.</summary>
public static class PseudonymKeyFile
{
    private const string Advice = "write 32 hexadecimal digits into it, as 'openssl rand -hex 16' makes them, and keep it secret";

    /// <summary>The key; null when <paramref name="problems"/> got any. Messages never show what the file holds.</summary>
    public static PseudonymKey? Load(string path, ICollection<ConfigProblem> problems)
    {
        if (ConfigText.TryRead(path, Advice, problems) is not { } text)
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
}
