using System.Security.Cryptography;
using KpiStream.Engine.Alerts;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Which rules are watched, and who is told.</summary>
public sealed record AlertSettings
{
    /// <summary>Communes where fewer than 50 cases had arisen by 15 July 2025 (letter of July 2025), at once.</summary>
    public static readonly LowVolumeRule DefaultLowVolume =
        new() { Figure = "arisen", FewerThan = 50, Since = new DateOnly(2025, 7, 1), JudgedOn = new DateOnly(2025, 7, 15) };

    /// <summary>The fully-online ratio of 30 days below its target for 10 minutes, from 20 cases on.</summary>
    public static readonly BelowTargetRule DefaultBelowTarget =
        new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, HoldMillis = 10 * 60_000 };

    /// <summary>The path of a rules file; null for the shipped rules.</summary>
    public string? RulesFile { get; init; }

    /// <summary>
    /// From the older key <c>low_volume</c>, in the place of the shipped rules of that kind; of a null rule nothing takes their place.
    /// </summary>
    public (LowVolumeRule? Rule, bool IsWritten) LowVolume { get; init; }

    /// <summary>From the older key <c>below_target</c>, in the place of the shipped rules of kind <c>ratio</c>. Null where it is not written.</summary>
    public IReadOnlyList<BelowTargetRule>? BelowTarget { get; init; }

    /// <summary>Who is told; empty when nobody is.</summary>
    public IReadOnlyList<ChannelSettings> Channels { get; init; } = [];

    /// <summary>Hosts of channels that may have an address that is not public.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>The most messages of one cause in a local day.</summary>
    public int MessagesPerDay { get; init; } = NotificationPolicy.Default.MostPerDay;

    /// <summary>The rules that are meant: those of the file, or the shipped ones; null when <paramref name="problems"/> got any.</summary>
    public AlertRuleSet? Load(Rulebook rulebook, UnitDirectory units, ICollection<ConfigProblem> problems) => RulesFile is { } file
        ? AlertRulesFile.Load(file, rulebook, units, problems) : Over(AlertRulesFile.OfProgram(rulebook, units));

    /// <summary>The shipped rules with those of the older keys in the place of their kinds.</summary>
    public AlertRuleSet Over(AlertRuleSet shipped)
    {
        if (!LowVolume.IsWritten && BelowTarget is null)
        {
            return shipped;
        }

        List<AlertRule> written = [.. LowVolume.Rule is { } low ? (AlertRule[])[low] : [], .. BelowTarget ?? []];
        List<AlertRule> rules =
        [
            .. written, .. shipped.Rules.Where(rule => !(rule.Kind == AlertKind.LowVolume && LowVolume.IsWritten) && !(rule.Kind == AlertKind.Ratio
                && BelowTarget is not null)),
        ];
        var text = string.Join('\n', written.Prepend<object>(shipped.Hash));
        return new AlertRuleSet("settings", "1", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), rules);
    }

    internal AlertSettings In(string directory) => this with
    {
        RulesFile = RulesFile is { } rules ? Path.Combine(directory, rules) : null,
        Channels = [.. Channels.Select(channel => channel.In(directory))],
    };
}
