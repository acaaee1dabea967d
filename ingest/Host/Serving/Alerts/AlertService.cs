using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Judges readings, tells of changes, and keeps the list for board and API. Owned by the publisher; the list may be read by anyone.</summary>
/// <param name="engine">Judges.</param>
/// <param name="text">Says it in Vietnamese.</param>
/// <param name="reporter">Told of changes.</param>
/// <param name="keeper">Given what is to outlive a restart; null where no state is kept.</param>
internal sealed class AlertService(AlertEngine engine, AlertText text, AlertReporter reporter, AlertKeeper? keeper = null)
{
    /// <summary>How long a hold may have gone on without being kept: so much longer it takes to fire after a crash.</summary>
    private const long KeptEveryMillis = 60_000;

    private volatile IReadOnlyList<BoardAlert> current = [];
    private long keptAt;

    /// <summary>Firing, then pending, then recently resolved alerts.</summary>
    public IReadOnlyList<BoardAlert> Current => current;

    /// <summary>What is kept for the next run; null where no state is kept.</summary>
    public AlertKeeper? Keeper => keeper;

    /// <summary>Where alerts are posted; null when nowhere.</summary>
    public WebhookDelivery? Webhook => reporter.Webhook;

    /// <summary>A service that continues with the alerts of the run before: those it knew, of units there still are.</summary>
    /// <param name="loaded">The settings in force.</param>
    /// <param name="rules">What is judged.</param>
    /// <param name="text">Says it in Vietnamese.</param>
    /// <param name="note">Where alerts are kept; null for nowhere.</param>
    /// <param name="log">Told of changes and errors.</param>
    /// <param name="time">Measures pauses between attempts.</param>
    public static AlertService Open(LoadedSettings loaded, IReadOnlyList<AlertRule> rules, AlertText text, StateNote? note, OperatorLog log, TimeProvider time)
    {
        var webhook = loaded.Settings.Alerts.Webhook is { } hook ? new WebhookDelivery(hook, WebhookPolicy.Default, time, log) : null;
        var engine = new AlertEngine(AlertLimits.Default);
        var keeper = note is null ? null : new AlertKeeper(note, webhook, log.Warn);
        if (keeper is not null)
        {
            engine.Recall(keeper.Recall().Where(alert => loaded.Units.Find(alert.Unit) is not null), rules);
            webhook?.Settled = keeper.Settle;
        }

        return new AlertService(engine, text, new AlertReporter(text, webhook, log), keeper);
    }

    /// <summary>See <see cref="AlertEngine.Interrupt"/>.</summary>
    public void Interrupt() => engine.Interrupt();

    public IReadOnlyList<BoardAlert> Evaluate(IReadOnlyList<AlertReading> readings, long now)
    {
        var evaluation = engine.Evaluate(readings, now);
        reporter.Report(evaluation.Transitions);
        if (keeper is not null && (evaluation.Transitions.Count > 0 || Math.Abs(now - keptAt) >= KeptEveryMillis))
        {
            keeper.Keep(engine.Remember());
            keptAt = now;
        }

        current = [.. evaluation.Current.Select(Describe)];
        return current;
    }

    private BoardAlert Describe(Alert alert) => new(
        alert.Rule.Id, alert.Unit, text.UnitName(alert.Unit), StateOf(alert.State),
        InstantText.ToLocalSeconds(alert.ResolvedAt ?? alert.FiringSince ?? alert.PendingSince), text.Finding(alert));

    private static string StateOf(AlertState state) => state switch
    {
        AlertState.Firing => "firing",
        AlertState.Pending => "pending",
        AlertState.Resolved => "resolved",
        _ => "inactive",
    };
}
