using KpiStream.Ingest.Sources.Configuration.Text;
using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>
/// Reads one item of <c>of</c> or <c>count</c>: <c>done</c>, <c>not fee_due</c>, or <c>{name: fee_settled, any: [not fee_due, paid_national]}</c>.
/// </summary>
internal static class RuleItemYaml
{
    /// <summary>The items of a list; null when the list is absent.</summary>
    public static IReadOnlyList<RuleItem>? ReadAll(YamlSection figure, string key, ConditionNames conditions, bool mayBeEmpty = false)
    {
        if (figure.Find(key) is null)
        {
            return null;
        }

        var items = new List<RuleItem>();
        foreach (var (path, node) in figure.List(key, mayBeEmpty))
        {
            if (Read(path, node, figure.Log, conditions) is not { } item)
            {
                continue;
            }

            if (items.Any(other => other.Name == item.Name))
            {
                figure.Log.Add(node, path, $"'{item.Name}' is listed twice");
            }

            items.Add(item);
        }

        return items;
    }

    private static RuleItem? Read(string path, YamlNode node, ProblemLog log, ConditionNames conditions)
    {
        switch (node)
        {
            case YamlScalarNode scalar:
                return ReadLiteral(path, scalar, log, conditions) is { } literal ? new RuleItem(conditions.NameOf(literal), [literal]) : null;
            case YamlMappingNode group:
                return ReadGroup(new YamlSection(path, group, log), conditions);
            default:
                log.Add(node, path, "must be a condition, 'not' and a condition, or {name: …, any: […]}");
                return null;
        }
    }

    private static RuleItem? ReadGroup(YamlSection group, ConditionNames conditions)
    {
        var name = group.RequiredText("name");
        if (name is not null && (!Identifier.IsValid(name) || conditions.TryFind(name, out _)))
        {
            group.Report("name", $"must be {Identifier.Form} and not a condition's own name, not '{name}'");
        }

        group.Require("any");
        var literals = new List<Literal>();
        foreach (var (path, node) in group.List("any", mayBeEmpty: false))
        {
            if (ReadLiteral(path, node, group.Log, conditions) is not { } literal)
            {
                continue;
            }

            if (literals.Contains(literal))
            {
                group.Log.Add(node, path, $"'{conditions.NameOf(literal)}' is listed twice");
            }

            literals.Add(literal);
        }

        group.Close();
        return name is null || literals.Count == 0 ? null : new RuleItem(name, literals);
    }

    private static Literal? ReadLiteral(string path, YamlNode node, ProblemLog log, ConditionNames conditions)
    {
        if (node is not YamlScalarNode { Value: { } text })
        {
            log.Add(node, path, "must be a condition or 'not' and a condition");
            return null;
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var negated = words is [ConditionNames.Negation, _];
        if (words is [_] or [ConditionNames.Negation, _] && conditions.TryFind(words[^1], out var condition))
        {
            return new Literal(condition, negated);
        }

        var unknown = words.Length == 0 ? "" : words[^1];
        log.Add(node, path, $"unknown condition '{text}'; {Suggestion.Sentence(unknown, conditions.All)}");
        return null;
    }
}
