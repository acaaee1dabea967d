using System.Collections;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// The rules that are judged, read again when their file has changed. A file with a mistake leaves the rules of before in force, and is said. Owned by the
/// publisher, who looks again; the rest may be read by anyone.
/// </summary>
/// <param name="first">The rules at the start.</param>
/// <param name="read">Reads the file again; null when the problems got any.</param>
/// <param name="file">The rules file; null where there is none, and nothing is looked at then.</param>
/// <param name="kept">The sliding periods that the engine keeps: a rule over another one could not be judged.</param>
/// <param name="units">Whose alerts end with a rule that is gone.</param>
/// <param name="log">Told of every change, and of every file that is refused.</param>
internal sealed class RulesInForce(
    AlertRuleSet first, Func<ICollection<ConfigProblem>, AlertRuleSet?> read, string? file, IReadOnlyList<Period> kept, UnitDirectory units, OperatorLog log,
    TimeProvider time) : IReadOnlyList<AlertRule>
{
    /// <summary>How often the file is looked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Rules that are gone are remembered until this many others have gone too.</summary>
    private const int MostRetired = 64;

    private volatile AlertRuleSet current = first;
    private volatile IReadOnlyList<AlertReading> retired = [];
    private long lookedAt = time.GetTimestamp();
    private DateTime changedAt = file is null ? default : File.GetLastWriteTimeUtc(file);
    private string refusedHash = "";

    public AlertRuleSet Current => current;

    /// <summary>1 for the rules at the start, one more for each edition since.</summary>
    public int Number { get; private set; } = 1;

    /// <summary>Since when they are in force, milliseconds since 1970 UTC.</summary>
    public long Since { get; private set; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Why a newer file is not in force; empty when none is refused.</summary>
    public string Refused { get; private set; } = "";

    /// <summary>Readings that end what rules found that are gone.</summary>
    public IReadOnlyList<AlertReading> Retired => retired;

    /// <summary>Rules that no file names, which stand whatever it says.</summary>
    public IReadOnlyList<AlertRule> Always { get; init; } = [];

    public int Count => current.Rules.Count + Always.Count;

    public AlertRule this[int index] => current.Rules is var own && index < own.Count ? own[index] : Always[index - own.Count];

    public IEnumerator<AlertRule> GetEnumerator() => current.Rules.Concat(Always).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Looks whether the file holds other rules, and judges by them when they are good. Does nothing most of the time it is called.</summary>
    public void LookAgain()
    {
        if (file is null || time.GetElapsedTime(lookedAt) < LookEvery)
        {
            return;
        }

        lookedAt = time.GetTimestamp();
        var writtenAt = File.GetLastWriteTimeUtc(file);
        if (writtenAt == changedAt && Refused.Length == 0)
        {
            return;
        }

        var problems = new List<ConfigProblem>();
        var next = read(problems);
        changedAt = writtenAt;
        if (next is null || FindUnkept(next) is not null)
        {
            Refuse(next is null ? string.Join("; ", problems.Take(3)) : FindUnkept(next)!, problems.Count);
        }
        else
        {
            Take(next, writtenAt);
        }
    }

    private string? FindUnkept(AlertRuleSet next) =>
        next.Rules.FirstOrDefault(rule => rule.Period.Kind == PeriodKind.Sliding && kept.All(period => period.Seconds != rule.Period.Seconds)) is { } rule
            ? $"rule {rule.Id} is over {rule.Period.Name}, which this server does not keep ({string.Join(", ", kept.Select(static period => period.Name))}): "
                + "start it again, or choose one of these"
            : null;

    private void Refuse(string why, int mistakes)
    {
        if (why != refusedHash)
        {
            refusedHash = why;
            log.Warn($"The alert rules in {file} are not used: {why}{(mistakes > 3 ? $"; and {mistakes - 3} more" : "")}. Those of before stay in force: "
                + $"{current}. See 'kpistream alerts check {file}'.");
        }

        Refused = why;
    }

    private void Take(AlertRuleSet next, DateTime writtenAt)
    {
        (Refused, refusedHash) = ("", "");
        if (next.Hash == current.Hash)
        {
            return;
        }

        var gone = current.Rules.Where(rule => next.Rules.All(other => other.Id != rule.Id)).ToList();
        var stays = retired.Where(reading => next.Rules.All(rule => rule.Id != reading.Rule.Id)).ToList();
        retired = [.. stays.Concat(gone.SelectMany(rule => units.Rows.Where(rule.Concerns)
            .Select(unit => new AlertReading(RetiredRule.Of(rule), unit.Code, 0, null, null, HasData: true)))).TakeLast(MostRetired * units.Rows.Count)];
        current = next;
        (Number, Since) = (Number + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        log.Info($"Alert rules: edition {Number} is in force, {next} with {next.Rules.Count} rules, of the file {file} written at "
            + $"{InstantText.ToLocalSeconds(new DateTimeOffset(writtenAt).ToUnixTimeMilliseconds())}."
            + (gone.Count > 0 ? $" Gone, and with them their alerts: {string.Join(", ", gone.Select(static rule => rule.Id))}." : ""));
    }
}
