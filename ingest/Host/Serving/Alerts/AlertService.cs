using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Time;

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
