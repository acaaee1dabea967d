using KpiStream.Engine.Units;

namespace KpiStream.Engine.Alerts;

/// <summary>What became of the alerts by one evaluation.</summary>
/// <param name="Current">As in <see cref="AlertEvaluation"/>, with silences.</param>
/// <param name="Transitions">What changed.</param>
/// <param name="Notifications">What is to be told.</param>
public sealed record AlertRound(
    IReadOnlyList<Alert> Current, IReadOnlyList<AlertTransition> Transitions, IReadOnlyList<AlertNotification> Notifications);

/// <summary>What is to be known of all alerts after a restart. Immutable.</summary>
/// <param name="Alerts">See <see cref="AlertEngine.Remember"/>.</param>
/// <param name="Silences">Those in force.</param>
/// <param name="Groups">See <see cref="NotificationPlanner.Remember"/>; null in what was kept before there were any.</param>
public sealed record RememberedLife(
    IReadOnlyList<RememberedAlert> Alerts, IReadOnlyList<Silence> Silences, IReadOnlyList<RememberedGroup>? Groups)
{
    /// <summary>The newest tick judged, milliseconds since 1970 UTC; null where none was, or an earlier version kept it.</summary>
    public long? JudgedAt { get; init; }
}

/// <summary>
/// The whole life of alerts: judged, inhibited, silenced, acknowledged, and told by cause. Pure and deterministic: readings, requests and time in; alerts,
/// transitions and notifications out. What serves, a replay and a back-test run this same code. Owned by one thread at a time.
/// </summary>
/// <param name="limits">How many alerts are kept.</param>
/// <param name="policy">How often somebody is told.</param>
/// <param name="units">What is below a unit.</param>
public sealed class AlertLife(AlertLimits limits, NotificationPolicy policy, UnitDirectory units)
{
    private readonly AlertEngine engine = new(limits);
    private readonly SilenceBook silences = new(units);
    private readonly NotificationPlanner planner = new(policy);
    private long? judgedAt;

    /// <summary>The silences in force.</summary>
    public IReadOnlyList<Silence> Silences => silences.All;

    /// <summary>Everything that is to outlive a restart.</summary>
    public RememberedLife Remember() => new(engine.Remember(), silences.All, planner.Remember()) { JudgedAt = judgedAt };

    /// <summary>Takes over what an earlier run knew. To be called before anything is judged.</summary>
    /// <param name="rules">The rules there are now; what is known of others is forgotten.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public void Recall(RememberedLife known, IReadOnlyList<AlertRule> rules, long now)
    {
        engine.Recall(known.Alerts, rules);
        judgedAt = known.JudgedAt;
        foreach (var silence in known.Silences)
        {
            silences.TryAdd(silence);
        }

        planner.Recall(known.Groups ?? []);
        if (known.Groups is null)
        {
            // Kept before alerts were told by cause: each that fires has been told by itself.
            planner.Adopt(engine.Evaluate([], now).Current, now);
        }
    }

    /// <inheritdoc cref="AlertEngine.Evaluate"/>
    public AlertRound Evaluate(IReadOnlyList<AlertReading> readings, long now, Func<string, string, bool>? feeds = null)
    {
        silences.Expire(now);
        judgedAt = now;
        var (current, transitions) = engine.Evaluate(readings, now, feeds);
        current = [.. current.Select(Silenced)];
        return new AlertRound(current, [.. transitions.Select(change => change with { Alert = Silenced(change.Alert) })], planner.Plan(current, now));
    }

    /// <summary>
    /// Ends the alerts of rules that are gone; those of self-checks and wallboards come and go by themselves. What was told is told to be over.
    /// </summary>
    /// <param name="rules">The rules there are from now on.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public IReadOnlyList<AlertTransition> Follow(IReadOnlyList<AlertRule> rules, long now)
    {
        var ids = rules.Select(static rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        return engine.Withdraw(rule => rule.Kind is AlertKind.SelfCheck or AlertKind.Board || ids.Contains(rule.Id), now);
    }

    /// <inheritdoc cref="AlertEngine.Interrupt"/>
    public void Interrupt() => engine.Interrupt();

    /// <inheritdoc cref="AlertEngine.Acknowledge"/>
    public Alert? Acknowledge(string id, Acknowledgement note) => engine.Acknowledge(id, note) is { } alert ? Silenced(alert) : null;

    /// <inheritdoc cref="SilenceBook.TryAdd"/>
    public bool TrySilence(Silence silence) => silences.TryAdd(silence);

    /// <inheritdoc cref="SilenceBook.End"/>
    public Silence? Unsilence(string id) => silences.End(id);

    private Alert Silenced(Alert alert) => silences.Find(alert) is { } id ? alert with { SilencedBy = id } : alert;
}
