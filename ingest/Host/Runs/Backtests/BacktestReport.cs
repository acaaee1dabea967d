using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>What a trial is told as: the JSON of <c>--json</c>, and what the summary and the page are made of. Instants are local time.</summary>
internal sealed record BacktestReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    public required string From { get; init; }

    public required string To { get; init; }

    public required long Events { get; init; }

    public required long Rejected { get; init; }

    public required long Ticks { get; init; }

    public required long TicksJudged { get; init; }

    public required double Seconds { get; init; }

    public required long EventsPerS { get; init; }

    /// <summary>The working calendar, and what units add to it.</summary>
    public required string Calendar { get; init; }

    /// <summary>The rules on trial, then those they are compared with.</summary>
    public required IReadOnlyList<TrialReport> Trials { get; init; }

    /// <summary>Kinds of rule that the past says nothing of, for it says not how it was read.</summary>
    public IReadOnlyList<string> NotJudged { get; } =
        [AlertRule.TextOf(AlertKind.Source), AlertRule.TextOf(AlertKind.SelfCheck), AlertRule.TextOf(AlertKind.Board)];

    /// <summary>Null without a comparison.</summary>
    public required IReadOnlyList<DifferenceReport>? Differences { get; init; }

    public static BacktestReport Of(BacktestPlan plan, BacktestResult result)
    {
        var text = new AlertText(plan.Count.Rulebook, plan.Count.Units);
        return new BacktestReport
        {
            From = InstantText.ToLocalSeconds(result.From),
            To = InstantText.ToLocalSeconds(result.To),
            Events = result.Counts.Events,
            Rejected = result.Counts.Rejected,
            Ticks = result.Ticks.Passed,
            TicksJudged = result.Ticks.Judged,
            Seconds = Math.Round(result.Took.TotalSeconds, 2),
            EventsPerS = (long)result.EventsPerSecond,
            Calendar = plan.Count.Rulebook.Calendars.FullVersion,
            Trials = [.. result.Trials.Select(trial => TrialReport.Of(trial, plan, result, text))],
            Differences = result.Trials is [var now, var before]
                ? [.. TrialDifference.Between(now, before, result.To).Select(one => DifferenceReport.Of(one, text))] : null,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}

/// <summary>What one file of rules did.</summary>
/// <param name="Rules">Its name, version and hash.</param>
/// <param name="Messages">How many somebody would have got.</param>
/// <param name="ByRule">In the file's order.</param>
/// <param name="Alerts">In the order in which they fired.</param>
/// <param name="Scores">Null where no changes were declared.</param>
internal sealed record TrialReport(
    string Rules, string Hash, long Messages, IReadOnlyList<RuleReport> ByRule, IReadOnlyList<AlertReport> Alerts, IReadOnlyList<ScoreReport>? Scores)
{
    public static TrialReport Of(RuleTrial trial, BacktestPlan plan, BacktestResult result, AlertText text)
    {
        var alerts = trial.Fired.Select(alert => AlertReport.Of(alert, result.To, text)).ToList();
        return new TrialReport(
            trial.Set.ToString(), trial.Set.Hash, trial.Notifications,
            [.. trial.Set.Rules.Select(rule => RuleReport.Of(rule, [.. alerts.Where(alert => alert.Rule == rule.Id)]))], alerts,
            plan.Truth is not { } truth ? null : [.. ChangeScore.Of(trial, truth, plan.Count.Units, plan.Count.Rulebook.Calendars, result.To)
                .Select(score => ScoreReport.Of(score, text))]);
    }
}

/// <summary>What one rule did.</summary>
/// <param name="Fired">How often it fired, in how many units, and how often it still fires at the end.</param>
/// <param name="LongestSeconds">The longest alert.</param>
internal sealed record RuleReport(string Rule, string Kind, string Grade, string Figure, int Fired, int Units, int Standing, long LongestSeconds)
{
    public static RuleReport Of(AlertRule rule, IReadOnlyList<AlertReport> alerts) => new(
        rule.Id, rule.KindText, rule.Grade.ToString().ToLowerInvariant(), rule.Figure, alerts.Count, alerts.DistinctBy(static alert => alert.Unit).Count(),
        alerts.Count(static alert => alert.ResolvedAt is null), alerts.Select(static alert => alert.Seconds).DefaultIfEmpty().Max());
}

/// <summary>An alert that would have fired.</summary>
/// <param name="Sentence">What would have been told, in Vietnamese.</param>
internal sealed record AlertReport(
    string Rule, string Kind, string Grade, string Unit, string Name, string PendingSince, string FiringSince, string? ResolvedAt, long Seconds,
    string Sentence, AlertEvidence? Evidence)
{
    public static AlertReport Of(FiredAlert alert, long end, AlertText text) => new(
        alert.Rule.Id, alert.Rule.KindText, alert.Rule.Grade.ToString().ToLowerInvariant(), alert.Unit, text.UnitName(alert.Unit),
        InstantText.ToLocalSeconds(alert.PendingSince), InstantText.ToLocalSeconds(alert.FiringSince),
        alert.ResolvedAt is { } resolved ? InstantText.ToLocalSeconds(resolved) : null, alert.Lasted(end) / LocalTime.MillisPerSecond,
        text.Finding(alert.Alert), alert.Alert.Evidence);
}

/// <summary>A rule against the declared changes.</summary>
/// <param name="Rule">Null for all rules that are more than reports.</param>
internal sealed record ScoreReport(string? Rule, int Changes, int Found, int Missed, int False, int? MedianWorkingDays, IReadOnlyList<FoundReport> Each)
{
    public static ScoreReport Of(ChangeScore score, AlertText text) => new(
        score.Rule?.Id, score.Found.Count, score.Found.Count - score.Missed, score.Missed, score.False.Count, score.MedianDays,
        [.. score.Found.Select(one => new FoundReport(
            one.Change.Unit, text.UnitName(one.Change.Unit), $"{one.Change.From:yyyy-MM-dd}", one.Change.What,
            one.Alert is { } alert ? InstantText.ToLocalSeconds(alert.FiringSince) : null, one.Alert is null ? null : one.WorkingDays))]);
}

/// <summary>A declared change, and when it was found; null for never.</summary>
internal sealed record FoundReport(string Unit, string Name, string From, string What, string? FoundAt, int? WorkingDays);

/// <summary>An alert that the two files do not tell alike.</summary>
internal sealed record DifferenceReport(string Kind, string Rule, string Unit, string Name, string? Now, string? Before)
{
    public static DifferenceReport Of(TrialDifference one, AlertText text) =>
        new(one.Kind.ToString(), one.Rule, one.Unit, text.UnitName(one.Unit), SpanOf(one.Now), SpanOf(one.Before));

    private static string? SpanOf(FiredAlert? alert) => alert is null ? null
        : $"{InstantText.ToLocalSeconds(alert.FiringSince)} .. {(alert.ResolvedAt is { } end ? InstantText.ToLocalSeconds(end) : "")} "
            + $"({alert.Rule.Grade.ToString().ToLowerInvariant()})";
}
