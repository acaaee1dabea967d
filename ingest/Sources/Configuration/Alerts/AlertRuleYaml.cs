using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>Reads one rule: what all kinds have, then what <see cref="AlertKindTable"/> says of its own kind.</summary>
internal static class AlertRuleYaml
{
    /// <summary>What fits a line of a message.</summary>
    private const int LongestAdvice = 300;

    /// <summary>The rule; null when something it cannot be without is missing or wrong. Every mistake is reported.</summary>
    public static AlertRule? Read(YamlSection section, Rulebook rulebook, AlertScopeYaml scopes)
    {
        var id = ReadId(section);
        var kind = ReadKind(section);
        var scope = scopes.Read(section);
        var grade = section.Word<AlertGrade>("grade");
        var hold = ReadHold(section, "hold");
        var clear = ReadHold(section, "clear_hold");
        var (advice, adviceEn) = (ReadAdvice(section, "advice"), ReadAdvice(section, "advice_en"));
        if (kind is null)
        {
            return null; // Which other keys are right depends on it.
        }

        var rule = kind.Read(section, ReadFigure(section, "figure", kind.Figure, rulebook));
        rule = rule is GrowthRule growth ? GrowthRuleYaml.Complete(growth, section, ReadFigure(section, "ended", kind.Figure, rulebook), rulebook) : rule;
        section.Close();
        return id is null ? null : rule with
        {
            GivenId = id,
            Grade = grade ?? rule.Grade,
            Scope = scope ?? rule.Scope,
            HoldMillis = hold ?? rule.HoldMillis,
            ClearHoldMillis = clear ?? rule.ClearHoldMillis,
            Advice = advice,
            AdviceEn = adviceEn,
        };
    }

    private static string? ReadAdvice(YamlSection section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (text.Trim().Length is 0 or > LongestAdvice || text.Any(char.IsControl))
        {
            section.Report(key, $"must be one line of 1 to {LongestAdvice} characters");
        }

        return text.Trim();
    }

    private static string? ReadId(YamlSection section)
    {
        if (section.RequiredText("id") is not { } id || Identifier.IsValid(id))
        {
            return section.Text("id");
        }

        section.Report("id", $"must be {Identifier.Form}, not '{id}'");
        return null;
    }

    private static AlertKindTable.Row? ReadKind(YamlSection section)
    {
        if (section.RequiredText("kind") is not { } word)
        {
            return null;
        }

        var row = AlertKindTable.Rows.FirstOrDefault(known => known.Word == word);
        if (row is null)
        {
            section.Report("kind", $"unknown kind '{word}'; {Suggestion.Sentence(word, [.. AlertKindTable.Rows.Select(known => known.Word)])}");
        }

        return row;
    }

    /// <summary>The id of the figure; empty where it is missing or wrong, and for kinds that have none.</summary>
    private static string ReadFigure(YamlSection section, string key, AlertFigure form, Rulebook rulebook)
    {
        if (form == AlertFigure.None)
        {
            return "";
        }

        if (section.RequiredText(key) is not { } figure)
        {
            return "";
        }

        var allowed = rulebook.Figures.Where(each => form == AlertFigure.Any || each.IsVolume == (form == AlertFigure.Volume))
            .Select(each => each.Id).ToList();
        if (allowed.Contains(figure))
        {
            return figure;
        }

        var wanted = form switch { AlertFigure.Volume => "volume", AlertFigure.Ratio => "ratio", _ => "figure" };
        section.Report(key, $"'{figure}' is no {wanted} of the rulebook; {Suggestion.Sentence(figure, allowed)}");
        return "";
    }

    private static long? ReadHold(YamlSection section, string key) =>
        (long?)section.Duration(key, $"{key}_minutes", TimeSpan.Zero, TimeSpan.FromMilliseconds(AlertRule.MaxHoldMillis))?.TotalMilliseconds;
}
