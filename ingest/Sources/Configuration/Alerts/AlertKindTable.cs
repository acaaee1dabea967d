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

    /// <summary>In the order in which they are listed in messages.</summary>
    public static readonly IReadOnlyList<Row> Rows =
    [
        new(AlertKind.Ratio, AlertFigure.Ratio, Ratio),
        new(AlertKind.LowVolume, AlertFigure.Volume, LowVolume),
    ];

    private static AlertRule Ratio(YamlSection section, string figure) => new BelowTargetRule
    {
        Figure = figure,
        Over = ReadPeriod(section) ?? Period.TryParse("30d")!,
        MinCount = section.Integer("min_count", 1, MostCases) ?? 20,
    };

    private static AlertRule LowVolume(YamlSection section, string figure)
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
    /// <param name="Figure">Which figures it judges.</param>
    /// <param name="Read">Makes a rule of a section; what all kinds have is set afterwards.</param>
    internal sealed record Row(AlertKind Kind, AlertFigure Figure, Func<YamlSection, string, AlertRule> Read)
    {
        /// <summary>As it is written.</summary>
        public string Word => AlertRule.TextOf(Kind);
    }
}
