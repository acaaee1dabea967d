using KpiStream.Engine.Alerts;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>What a kind of rules reads.</summary>
internal enum AlertFigure
{
    None, Ratio, Volume, Any,
}

/// <summary>The kinds of rules that a file may have: one row each, with the keys that only this kind knows.</summary>
internal static class AlertKindTable
{
    private const int MostCases = 1_000_000_000;

    /// <summary>A CUSUM beyond this never fires.</summary>
    private const double MostScore = 12;

    /// <summary>In the order in which they are listed in messages.</summary>
    public static readonly IReadOnlyList<Row> Rows =
    [
        new("ratio", AlertFigure.Ratio, static (section, figure) => Ratio(section, figure, AlertKind.Ratio)),
        new("ratio_drop", AlertFigure.Ratio, RatioDrop),
        new("official_breach", AlertFigure.Ratio, static (_, figure) => new OfficialBreachRule { Figure = figure }),
        new("copies", AlertFigure.Ratio, static (section, figure) => Ratio(section, figure, AlertKind.Copies)),
        new("low_volume", AlertFigure.Volume, LowVolume),
        new("pace", AlertFigure.Volume, Pace),
        new("silence", AlertFigure.Volume, Silence),
        new("backlog", AlertFigure.Ratio, static (section, figure) => new BacklogRule
        {
            Figure = figure,
            AtLeast = section.Integer("at_least", 1, MostCases) ?? 10,
            Grade = AlertGrade.Watch,
        }),
        new("waiting_growth", AlertFigure.Any, static (section, figure) => GrowthRuleYaml.Read(section, figure, isOverdue: false)),
        new("overdue_growth", AlertFigure.Ratio, static (section, figure) => GrowthRuleYaml.Read(section, figure, isOverdue: true)),
    ];

    private static BelowTargetRule Ratio(YamlSection section, string figure, AlertKind about)
    {
        var rule = new BelowTargetRule
        {
            Figure = figure,
            Over = ReadPeriod(section) ?? Period.TryParse("30d")!,
            MinCount = section.Integer("min_count", 1, MostCases) ?? 20,
            Tail = Number(section, "tail", 1e-9, 0.5),
            About = about,
        };
        rule = rule with { ClearAt = Number(section, "clear_at", 0, 1) ?? rule.ClearAt };
        if (rule.ClearAt < rule.Tail)
        {
            section.Report("clear_at", "must not be below 'tail': what is improbable enough to fire would be clear at once");
        }

        return rule;
    }

    private static RatioDropRule RatioDrop(YamlSection section, string figure)
    {
        var rule = new RatioDropRule { Figure = figure, Score = Number(section, "score", 0.1, MostScore) };
        return rule with { Depth = Change(section, "depth") ?? rule.Depth };
    }

    private static PaceRule Pace(YamlSection section, string figure)
    {
        var rule = new PaceRule { Figure = figure, Score = Number(section, "score", 0.1, MostScore) };
        return rule with { Fall = Change(section, "fall") ?? rule.Fall };
    }

    /// <summary>The change that a rule looks for: of no size it would be seen everywhere, and what is nearly all could never be.</summary>
    internal static double? Change(YamlSection section, string key)
    {
        var change = section.Ratio(key);
        if (change is < 0.01 or > 0.9)
        {
            section.Report(key, "must be from 1 % to 90 %");
        }

        return change;
    }

    private static SilenceRule Silence(YamlSection section, string figure)
    {
        var rule = new SilenceRule { Figure = figure };
        return rule with { YearlyChance = Number(section, "yearly_chance", 1e-9, 1) ?? rule.YearlyChance };
    }

    private static LowVolumeRule LowVolume(YamlSection section, string figure)
    {
        section.Require("fewer_than");
        section.Require("since");
        var rule = new LowVolumeRule
        {
            Figure = figure,
            FewerThan = section.Integer("fewer_than", 1, MostCases) ?? 1,
            Since = section.Date("since") ?? default,
            JudgedOn = section.Date("judged_on"),
        };
        if (rule.JudgedOn < rule.Since)
        {
            section.Report("judged_on", $"must not be before 'since' ({rule.Since:yyyy-MM-dd})");
        }

        return rule;
    }

    /// <summary>A number within bounds, both included.</summary>
    internal static double? Number(YamlSection section, string key, double least, double most)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most)
        {
            return value;
        }

        section.Report(key, $"must be a number from {least} to {most}, not '{text}'");
        return null;
    }

    private static Period? ReadPeriod(YamlSection section)
    {
        if (section.Text("period") is not { } name)
        {
            return null;
        }

        if (Period.TryParse(name) is { Kind: not PeriodKind.Now } period)
        {
            return period;
        }

        section.Report("period", $"must be a period like 30d, 24h, month or since:2025-07-01, not '{name}'");
        return null;
    }

    /// <summary>A kind.</summary>
    /// <param name="Word">As it is written.</param>
    /// <param name="Figure">Which figures it judges.</param>
    /// <param name="Read">Makes a rule of a section; what all kinds have is set afterwards.</param>
    internal sealed record Row(string Word, AlertFigure Figure, Func<YamlSection, string, AlertRule> Read);
}
