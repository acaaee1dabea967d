using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>Reads a rule about growth, which compares two figures: what comes, and what is ended.</summary>
internal static class GrowthRuleYaml
{
    private const int MostCases = 1_000_000_000;

    public static GrowthRule Read(YamlSection section, string figure, bool isOverdue)
    {
        var rule = new GrowthRule { Figure = figure, Ended = "", IsOverdue = isOverdue };
        return rule with
        {
            AtLeast = section.Integer("at_least", 1, MostCases) ?? rule.AtLeast,
            Share = AlertKindTable.Change(section, "share") ?? rule.Share,
            Tail = AlertKindTable.Number(section, "tail", 1e-9, 0.01),
        };
    }

    /// <summary>Both must count cases under the same unit, and each by its own day: else they would never balance.</summary>
    /// <param name="rule">What was read so far.</param>
    /// <param name="ended">The second figure; empty where it is missing or wrong.</param>
    public static GrowthRule Complete(GrowthRule rule, YamlSection section, string ended, Rulebook rulebook)
    {
        var (came, left) = (Find(rule.Figure), Find(ended));
        if (came is not null && (rule.IsOverdue ? came.Time != TimeRole.Due : came.Time is not (TimeRole.Filed or TimeRole.Accepted)))
        {
            section.Report("figure", $"'{came.Id}' must place cases by {(rule.IsOverdue ? "'time: due'" : "'time: filed' or 'time: accepted'")}");
        }

        if (left is { Time: not TimeRole.Ended })
        {
            section.Report("ended", $"'{left.Id}' must place cases by 'time: ended'");
        }
        else if (came is not null && left is not null && (came.Unit, came.Kind, came.Linked) != (left.Unit, left.Kind, left.Linked))
        {
            section.Report("ended", $"'{left.Id}' must count the same cases as '{came.Id}': 'unit', 'kind' and 'linked' must be alike");
        }

        return rule with { Ended = ended };

        FigureDefinition? Find(string id) => rulebook.Figures.FirstOrDefault(figure => figure.Id == id);
    }
}
