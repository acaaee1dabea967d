using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Loads a unit directory from a path or by a shipped name.</summary>
public static class UnitFile
{
    private static readonly string Advice = $"give the path of a units.csv, or one of the shipped names {string.Join(", ", Shipped.UnitNames)}";

    /// <summary>The directory; null when <paramref name="problems"/> got any.</summary>
    /// <param name="nameOrPath">A name of <see cref="Shipped.UnitNames"/>, or a path.</param>
    public static UnitDirectory? Load(string nameOrPath, ICollection<ConfigProblem> problems)
    {
        if (Shipped.UnitNames.Contains(nameOrPath))
        {
            return Shipped.Units(nameOrPath);
        }

        return ConfigText.TryRead(nameOrPath, Advice, problems) is { } text ? Parse(nameOrPath, text, problems) : null;
    }

    /// <summary>Reads a directory's text; its version is the file's name and the first 12 digits of the text's SHA-256.</summary>
    public static UnitDirectory? Parse(string file, string text, ICollection<ConfigProblem> problems)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var mistakes = new List<string>();
        var rows = UnitCsv.Parse(text, mistakes);
        var directory = mistakes.Count == 0 ? UnitDirectory.TryCreate(rows, $"{Path.GetFileName(file)}@{hash[..12]}", mistakes) : null;
        foreach (var mistake in mistakes)
        {
            problems.Add(Located(file, mistake));
        }

        return directory;
    }

    /// <summary>The reader writes <c>line 7: what is wrong</c> where it knows the line.</summary>
    private static ConfigProblem Located(string file, string mistake)
    {
        const string prefix = "line ";
        var colon = mistake.IndexOf(": ");
        return mistake.StartsWith(prefix) && colon > 0
            && int.TryParse(mistake.AsSpan(prefix.Length, colon - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? new ConfigProblem(file, line, "", mistake[(colon + 2)..])
            : new ConfigProblem(file, 0, "", mistake);
    }
}
