using KpiStream.Ingest.Sources.Configuration.Rules;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>Loads alert rules.</summary>
public static class AlertRulesFile
{
    /// <summary>The shipped file, which explains every key.</summary>
    public const string ShippedName = "alerts.yaml";

    private const string Advice = "give the path of a rules file; 'kpistream alerts check --print-defaults' prints one to begin with";

    /// <summary>The rules of a file; null when <paramref name="problems"/> got any.</summary>
    /// <param name="rulebook">Only its figures may be named.</param>
    /// <param name="units">Only its units may be named.</param>
    public static AlertRuleSet? Load(string path, Rulebook rulebook, UnitDirectory units, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text ? AlertRulesYaml.Parse(path, text, rulebook, units, problems) : null;

    /// <summary>The shipped rules, as far as a rulebook has their figures.</summary>
    public static AlertRuleSet OfProgram(Rulebook rulebook, UnitDirectory units)
    {
        var problems = new List<ConfigProblem>();
        return AsShipped(Shipped.Text(ShippedName), rulebook, units, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    /// <summary>Rules that were in force, from their text: a file's, or shipped ones of this version or an earlier one; null when it is neither.</summary>
    public static AlertRuleSet? OfText(string text, Rulebook rulebook, UnitDirectory units) =>
        AlertRulesYaml.Parse(ShippedName, text, rulebook, units, []) ?? AsShipped(text, rulebook, units, []);

    private static AlertRuleSet? AsShipped(string text, Rulebook rulebook, UnitDirectory units, ICollection<ConfigProblem> problems) =>
        AlertRulesYaml.Parse(ShippedName, text, Shipped.Rulebook(), units, problems) is not { } set ? null
            : set with { Rules = [.. set.Rules.Where(rule => rule.AllFigures().All(id => id.Length == 0 || rulebook.Figures.Any(figure => figure.Id == id)))] };
}
