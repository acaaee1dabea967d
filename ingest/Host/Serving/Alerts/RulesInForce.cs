using System.Collections;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>The rules that are judged, read again when their file has changed.</summary>
/// <param name="first">The rules at the start.</param>
/// <param name="read">Reads the file again; null when the problems got any.</param>
/// <param name="file">The rules file; null where there is none, and nothing is looked at then.</param>
/// <param name="kept">The sliding periods that the engine keeps: a rule over another one could not be judged.</param>
/// <param name="units">Whose alerts end with a rule that is gone.</param>
/// <param name="log">Told of every change, and of every file that is refused.</param>
internal sealed class RulesInForce(
    AlertRuleSet first, Func<ICollection<ConfigProblem>, AlertRuleSet?> read, string? file, IReadOnlyList<Period> kept, UnitDirectory units, OperatorLog log,
    TimeProvider time) : FileInForce<AlertRuleSet>(first, read, file, log, time), IReadOnlyList<AlertRule>
{
    /// <summary>Rules that are gone are remembered until this many others have gone too.</summary>
    private const int MostRetired = 64;

    private volatile IReadOnlyList<AlertReading> retired = [];

    public override string Id => "alert_rules";

    /// <summary>Readings that end what rules found that are gone.</summary>
    public IReadOnlyList<AlertReading> Retired => retired;

    /// <summary>Rules that no file names, which stand whatever it says.</summary>
    public IReadOnlyList<AlertRule> Always { get; init; } = [];

    public int Count => Current.Rules.Count + Always.Count;

    public AlertRule this[int index] => Current.Rules is var own && index < own.Count ? own[index] : Always[index - own.Count];

    public IEnumerator<AlertRule> GetEnumerator() => Current.Rules.Concat(Always).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override string HashOf(AlertRuleSet edition) => edition.Hash;

    protected override string VersionOf(AlertRuleSet edition) => $"{edition}";

    protected override string? FindObjection(AlertRuleSet next) =>
        next.Rules.FirstOrDefault(rule => rule.Period.Kind == PeriodKind.Sliding && kept.All(period => period.Seconds != rule.Period.Seconds)) is { } rule
            ? $"rule {rule.Id} is over {rule.Period.Name}, which this server does not keep ({string.Join(", ", kept.Select(static period => period.Name))}): "
                + "start it again, or choose one of these"
            : null;

    protected override string SayRefused(string why) =>
        $"The alert rules in {Path} are not used: {why}. Those of before stay in force: {Current}. See 'kpistream alerts check {Path}'.";

    protected override string SayTaken(AlertRuleSet before, AlertRuleSet next, int number, string written)
    {
        var gone = before.Rules.Where(rule => next.Rules.All(other => other.Id != rule.Id)).ToList();
        var stays = retired.Where(reading => next.Rules.All(rule => rule.Id != reading.Rule.Id)).ToList();
        retired = [.. stays.Concat(gone.SelectMany(rule => units.Rows.Where(rule.Concerns)
            .Select(unit => new AlertReading(RetiredRule.Of(rule), unit.Code, 0, null, null, HasData: true)))).TakeLast(MostRetired * units.Rows.Count)];
        return $"Alert rules: edition {number} is in force, {next} with {next.Rules.Count} rules, {written}."
            + (gone.Count > 0 ? $" Gone, and with them their alerts: {string.Join(", ", gone.Select(static rule => rule.Id))}." : "");
    }
}
