using KpiStream.Engine.Alerts;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Text;
using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// Reads the <c>alerts</c> section. Rules are in a file of their own; the older keys <c>low_volume</c> and <c>below_target</c> still mean what they did where
/// no file is named: <c>low_volume</c> without <c>judged_on</c> is judged continually, <c>low_volume: none</c> and <c>below_target: []</c> switch off.
/// </summary>
internal static class AlertSettingsYaml
{
    private const string None = "none";
    private const int MaxRules = 64;
    private const int MostMessages = 1_000;
    private const int MostCases = 1_000_000_000;

    public static AlertSettings Read(YamlSection? section, Rulebook? rulebook)
    {
        var alerts = new AlertSettings();
        if (section is null)
        {
            return alerts;
        }

        alerts = alerts with
        {
            RulesFile = section.Text("rules"),
            LowVolume = section.HasOlder("low_volume") ? (ReadLowVolume(section, rulebook), true) : default,
            BelowTarget = section.HasOlder("below_target") ? ReadBelowTarget(section, rulebook) : null,
            MessagesPerDay = section.Integer("messages_per_day", NotificationPolicy.LeastPerDay, MostMessages) ?? alerts.MessagesPerDay,
        };
        RefuseBoth(section, alerts);
        var (channels, privateHosts) = ChannelSettingsYaml.Read(section);
        alerts = alerts with { Channels = channels, PrivateHosts = privateHosts };
        section.Close();
        return alerts;
    }

    /// <summary>Nobody could tell which of the two holds.</summary>
    private static void RefuseBoth(YamlSection section, AlertSettings alerts)
    {
        if (alerts.RulesFile is not { } file)
        {
            return;
        }

        if (alerts.LowVolume.IsWritten)
        {
            section.Report("low_volume", Moved(file, AlertKind.LowVolume));
        }

        if (alerts.BelowTarget is not null)
        {
            section.Report("below_target", Moved(file, AlertKind.Ratio));
        }
    }

    private static string Moved(string file, AlertKind kind) =>
        $"is an older place for what '{file}' says; write it there, as 'kind: {AlertRule.TextOf(kind)}' with the same keys, and remove it here";

    private static LowVolumeRule? ReadLowVolume(YamlSection alerts, Rulebook? rulebook)
    {
        var rule = AlertSettings.DefaultLowVolume;
        if (alerts.Find("low_volume") is YamlScalarNode word)
        {
            if (word.Value != None)
            {
                alerts.Report("low_volume", $"must be '{None}' or a list of 'key: value' lines");
            }

            return null;
        }

        if (alerts.Section("low_volume") is not { } section)
        {
            return rule;
        }

        rule = rule with
        {
            Figure = ReadFigure(section, rulebook, isVolume: true) ?? rule.Figure,
            FewerThan = section.Integer("fewer_than", 1, MostCases) ?? rule.FewerThan,
            Since = section.Date("since") ?? rule.Since,
            JudgedOn = section.Date("judged_on"),
            HoldMillis = ReadHold(section) ?? rule.HoldMillis,
        };
        if (rule.JudgedOn < rule.Since)
        {
            section.Report("judged_on", $"must not be before 'since' ({rule.Since:yyyy-MM-dd})");
        }

        section.Close();
        return rule;
    }

    private static List<BelowTargetRule>? ReadBelowTarget(YamlSection alerts, Rulebook? rulebook)
    {
        if (alerts.Find("below_target") is null)
        {
            return null;
        }

        var rules = new List<BelowTargetRule>();
        foreach (var section in alerts.Sections("below_target"))
        {
            var rule = ReadRatioRule(section, rulebook);
            if (rules.Exists(other => other.Id == rule.Id))
            {
                section.Report("figure", $"'{rule.Figure}' over {rule.Over.Name} is watched already");
            }

            rules.Add(rule);
        }

        if (rules.Count > MaxRules)
        {
            alerts.Report("below_target", $"has {rules.Count} rules; at most {MaxRules} are allowed");
        }

        return rules;
    }

    private static BelowTargetRule ReadRatioRule(YamlSection section, Rulebook? rulebook)
    {
        var defaults = AlertSettings.DefaultBelowTarget;
        section.Require("figure");
        var rule = defaults with
        {
            Figure = ReadFigure(section, rulebook, isVolume: false) ?? "",
            Over = ReadPeriod(section) ?? defaults.Over,
            MinCount = section.Integer("min_count", 1, MostCases) ?? defaults.MinCount,
            HoldMillis = ReadHold(section) ?? defaults.HoldMillis,
        };
        section.Close();
        return rule;
    }

    private static string? ReadFigure(YamlSection section, Rulebook? rulebook, bool isVolume)
    {
        var figure = section.Text("figure");
        if (figure is null || rulebook is null)
        {
            return figure;
        }

        var allowed = rulebook.Figures.Where(each => each.IsVolume == isVolume).Select(each => each.Id).ToList();
        if (!allowed.Contains(figure))
        {
            var wanted = isVolume ? "volume" : "ratio";
            section.Report("figure", $"'{figure}' is no {wanted} of the rulebook; {Suggestion.Sentence(figure, allowed)}");
        }

        return figure;
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

    private static long? ReadHold(YamlSection section) =>
        (long?)section.Duration("hold", "hold_minutes", TimeSpan.Zero, TimeSpan.FromMilliseconds(AlertRule.MaxHoldMillis))?.TotalMilliseconds;
}
