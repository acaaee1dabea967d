using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>One file of rules on trial: the whole life of alerts as in <c>serve</c>, and what it would have told. Owned by the flow of the replay.</summary>
/// <param name="set">The rules.</param>
/// <param name="units">What is below a unit.</param>
internal sealed class RuleTrial(AlertRuleSet set, UnitDirectory units)
{
    private readonly AlertLife life = new(AlertLimits.Default, NotificationPolicy.Default, units);
    private readonly List<FiredAlert> fired = [];
    private readonly Dictionary<(string Rule, string Unit), int> open = [];
    private (List<AlertReading> Readings, long Now) latest = ([], 0);

    public AlertRuleSet Set => set;

    /// <summary>What fired, in the order in which it did.</summary>
    public IReadOnlyList<FiredAlert> Fired => fired;

    /// <summary>Notifications that somebody would have got: one for all alerts of a cause.</summary>
    public long Notifications { get; private set; }

    /// <summary>A list for the next readings, which what was judged last is not in.</summary>
    public List<AlertReading> Spare { get; private set; } = [];

    /// <summary>True while a hold runs: then every tick counts.</summary>
    private bool IsHolding { get; set; }

    /// <param name="readings">In <see cref="Spare"/>, which is another list then.</param>
    public void Evaluate(List<AlertReading> readings, long now)
    {
        (latest, Spare) = ((readings, now), latest.Readings);
        var round = life.Evaluate(readings, now);
        IsHolding = round.Current.Any(static alert => alert.State is AlertState.Pending or AlertState.Resolving)
            || life.Remember().Groups!.Any(static group => group.WaitingSince is not null);
        Notifications += round.Notifications.Count;
        foreach (var change in round.Transitions)
        {
            Follow(change);
        }
    }

    /// <summary>True when at a later instant the same verdicts hold, and no hold runs: then nothing happens in between.</summary>
    public bool IsSettled(IReadOnlyList<AlertReading> readings, long now) => !IsHolding
        && VerdictsOf(latest.Readings, latest.Now).SequenceEqual(VerdictsOf(readings, now));

    private void Follow(AlertTransition change)
    {
        var alert = change.Alert;
        var key = (alert.Rule.Id, alert.Unit);
        if (alert.State == AlertState.Firing && change.From != AlertState.Firing && !open.ContainsKey(key))
        {
            open[key] = fired.Count;
            fired.Add(new FiredAlert(alert.Rule, alert.Unit, alert.PendingSince, alert.FiringSince!.Value, null, alert));
        }
        else if (alert.State == AlertState.Resolved && open.Remove(key, out var index))
        {
            fired[index] = fired[index] with { ResolvedAt = alert.ResolvedAt };
        }
    }

    private static IEnumerable<(string Rule, string Unit, Judgement Verdict)> VerdictsOf(IReadOnlyList<AlertReading> readings, long now) =>
         readings.Select(reading => (reading.Rule.Id, reading.Unit, reading.Rule.Judge(reading, now)));
}

/// <summary>An alert that would have fired. Instants are milliseconds since 1970 UTC.</summary>
/// <param name="PendingSince">When the condition was first seen.</param>
/// <param name="FiringSince">When it fired.</param>
/// <param name="ResolvedAt">When it was over; null where it still stood at the end.</param>
/// <param name="Alert">As it was told.</param>
internal sealed record FiredAlert(AlertRule Rule, string Unit, long PendingSince, long FiringSince, long? ResolvedAt, Alert Alert)
{
    /// <summary>How long it fired, milliseconds.</summary>
    /// <param name="end">Where the trial ended.</param>
    public long Lasted(long end) => (ResolvedAt ?? Math.Max(end, FiringSince)) - FiringSince;
}
