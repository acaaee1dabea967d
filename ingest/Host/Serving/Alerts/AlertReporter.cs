using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Tells of changes of state, every one, in the log. Never waits.
/// </summary>
public sealed partial class AlertReporter(AlertText text, ILogger log)
{
    public void Report(IReadOnlyList<AlertTransition> transitions)
    {
        foreach (var transition in transitions)
        {
            LogLine(LevelOf(transition.Alert), text.LogLine(transition));
        }
    }

    private static LogLevel LevelOf(Alert alert) => alert.State != AlertState.Firing ? LogLevel.Information
        : alert.Rule.Grade == AlertGrade.Critical ? LogLevel.Critical
        : LogLevel.Warning;

    [LoggerMessage(Message = "{Line}")]
    private partial void LogLine(LogLevel level, string line);
}
