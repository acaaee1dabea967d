using System.Security.Cryptography;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>Reads alert rules from YAML. Every mistake is reported with its line; nothing is guessed.</summary>
public static class AlertRulesYaml
{
    /// <summary>Sixty-four rules for each of the nation's 3,321 communes are more than anybody reads.</summary>
    private const int MaxRules = 64;

    /// <summary>Reads rules.</summary>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="text">The YAML text.</param>
    /// <param name="rulebook">Only its figures may be named.</param>
    /// <param name="units">Only its units may be named.</param>
    /// <param name="problems">Gets every mistake found.</param>
    /// <returns>The rules, or null when a mistake was found.</returns>
    public static AlertRuleSet? Parse(string file, string text, Rulebook rulebook, UnitDirectory units, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        if (YamlText.Parse(text, log) is not { } root)
        {
            return null;
        }

        var id = root.RequiredText("id") ?? "";
        var version = root.RequiredText("version") ?? "";
        root.Require("rules");
        var rules = ReadAll(root, rulebook, AlertScopeYaml.Open(root, units));
        root.Close();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return log.IsEmpty ? new AlertRuleSet(id, version, hash, rules) { Text = text } : null;
    }

    private static List<AlertRule> ReadAll(YamlSection root, Rulebook rulebook, AlertScopeYaml scopes)
    {
        var sections = root.Sections("rules");
        if (sections.Count > MaxRules)
        {
            root.Report("rules", $"has {sections.Count} rules; at most {MaxRules} are allowed");
        }

        var rules = new List<AlertRule>();
        foreach (var section in sections.Take(MaxRules))
        {
            if (AlertRuleYaml.Read(section, rulebook, scopes) is not { } rule)
            {
                continue;
            }

            if (rules.Exists(other => other.Id == rule.Id))
            {
                section.Report("id", $"'{rule.Id}' is used by an earlier rule; ids must differ");
            }

            rules.Add(rule);
        }

        return rules;
    }
}
