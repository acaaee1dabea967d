using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads the dated targets of a figure: <c>at_least</c> a ratio, or for a volume <c>not_below</c> a count.</summary>
internal static class TargetYaml
{
    /// <summary>A target a year for a century.</summary>
    private const int MaxTargets = 100;

    private const int MostCases = 1_000_000_000;

    public static IReadOnlyList<Target> ReadAll(YamlSection figure, bool isVolume)
    {
        var sections = figure.Sections("targets");
        if (sections.Count > MaxTargets)
        {
            figure.Report("targets", $"has {sections.Count} items; at most {MaxTargets} are allowed");
        }

        return [.. sections.Take(MaxTargets).Select(section => Read(section, isVolume))];
    }

    private static Target Read(YamlSection section, bool isVolume)
    {
        var key = isVolume ? "not_below" : "at_least";
        double? value = isVolume ? section.Integer(key, 1, MostCases) : section.Ratio(key);
        if (section.Find(key) is null)
        {
            section.Report(key, isVolume ? "is missing: a volume's target is a count of cases" : "is missing: a ratio's target is like 70 %");
        }

        var (from, to) = section.Span();
        var scope = section.Text("scope");
        section.Close();
        return new Target(isVolume ? TargetComparison.NotBelow : TargetComparison.AtLeast, value ?? 0, from, to, scope);
    }
}
