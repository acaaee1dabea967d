using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>What <c>alerts backtest</c> was asked to do, with everything loaded.</summary>
internal sealed record BacktestPlan
{
    /// <summary>Sources, units, rulebook and key, as for a replay.</summary>
    public required CountPlan Count { get; init; }

    /// <summary>How long, and when, a source may say nothing before it counts as missing.</summary>
    public required Settings Silence { get; init; }

    /// <summary>The rules on trial: one file, or the file and the one it is compared with.</summary>
    public required IReadOnlyList<AlertRuleSet> Rules { get; init; }

    /// <summary>The first instant judged; null for the first there is.</summary>
    public long? From { get; init; }

    /// <summary>Nothing at or after it is looked at; null for all there is.</summary>
    public long? To { get; init; }

    /// <summary>The time between two looks.</summary>
    public long Every { get; init; } = AlertTicks.EveryMillis;

    /// <summary>True to judge every single tick instead of passing quiet stretches in one step; the results are the same.</summary>
    public bool IsThorough { get; init; }

    /// <summary>What truly changed; null where nobody says.</summary>
    public IReadOnlyList<DeclaredChange>? Truth { get; init; }

    /// <summary>Where the alerts go as CSV; <c>-</c> is standard output.</summary>
    public string? Csv { get; init; }

    /// <summary>Where the page goes.</summary>
    public string? Html { get; init; }

    public bool Json { get; init; }
}
