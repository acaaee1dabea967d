using System.Security.Cryptography;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>The rules that were in force at a tick: by their hash, from the texts that the server kept, or from the settings where they are the same.</summary>
/// <param name="folder">The state folder.</param>
/// <param name="loaded">The settings.</param>
internal sealed class RulesThen(string folder, LoadedSettings loaded)
{
    private readonly Dictionary<string, AlertRuleSet> known = [];

    public IReadOnlyList<AlertRule> Of(AlertTick tick) => known[tick.Rules].Rules;

    /// <summary>The rules of a tick as people name them.</summary>
    public AlertRuleSet SetOf(AlertTick tick) => known[tick.Rules];

    /// <summary>Loads the rules of some ticks.</summary>
    /// <returns>Why those of one of them are not known; empty where all is well.</returns>
    public string FindObstacle(IReadOnlyList<AlertTick> ticks)
    {
        foreach (var hash in ticks.Select(static tick => tick.Rules).Distinct())
        {
            if (Find(hash, out var why) is not { } set)
            {
                return why;
            }

            known[hash] = set;
        }

        return "";
    }

    private AlertRuleSet? Find(string hash, out string why)
    {
        var path = KeptTexts.PathOfRules(folder, hash);
        why = $"the text of the rules {hash[..Math.Min(AlertRuleSet.ShownDigits, hash.Length)]} is missing: {path} is not there, and the settings have others";
        if (File.Exists(path))
        {
            var text = File.ReadAllText(path);
            why = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) != hash
                ? $"{path} was changed: it is not the text that its name says"
                : $"{path} cannot be read as rules by this version";
            return why.EndsWith("says", StringComparison.Ordinal) ? null : AlertRulesFile.OfText(text, loaded.Rulebook, loaded.Units);
        }

        return loaded.AlertRules.Hash == hash ? loaded.AlertRules : null;
    }
}
