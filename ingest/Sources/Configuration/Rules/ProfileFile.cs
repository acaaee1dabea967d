using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Loads a source profile by the name of a shipped one or from a path.</summary>
public static class ProfileFile
{
    private static readonly string Advice = $"give the path of a profile, or one of {string.Join(", ", Shipped.ProfileNames)}";

    /// <summary>The profile; null when <paramref name="problems"/> got any.</summary>
    public static SourceProfile? Load(string nameOrPath, ICollection<ConfigProblem> problems)
    {
        if (Shipped.ProfileNames.Contains(nameOrPath))
        {
            return Shipped.Profile(nameOrPath);
        }

        return ConfigText.TryRead(nameOrPath, Advice, problems) is { } text ? ProfileYaml.Parse(nameOrPath, text, problems) : null;
    }
}
