using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Time;

namespace KpiStream.Ingest.Host.Alerts;

/// <summary>Judges readings, tells of changes, and keeps the list for board and API. Owned by the publisher; the list may be read by anyone.</summary>
internal sealed class AlertDesk(AlertEngine engine, AlertText text, AlertReporter reporter)
{
    private volatile IReadOnlyList<BoardAlert> current = [];

    /// <summary>Firing, then pending, then recently resolved alerts.</summary>
    public IReadOnlyList<BoardAlert> Current => current;

    public IReadOnlyList<BoardAlert> Evaluate(IReadOnlyList<AlertReading> readings, long now)
    {
        var evaluation = engine.Evaluate(readings, now);
        reporter.Report(evaluation.Transitions);
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
