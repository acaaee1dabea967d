using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

public static class RulebookFile
{
    private const string Advice = "give the path of a rulebook, or leave it out to use the shipped one";

    /// <summary>The rulebook; null when <paramref name="problems"/> got any.</summary>
    public static Rulebook? Load(string path, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text ? RulebookYaml.Parse(path, text, problems) : null;
}
