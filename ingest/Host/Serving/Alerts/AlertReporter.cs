using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Tells of changes of state: every one in the log, and to the webhook those that are news
/// (<see cref="AlertTransition.IsNews"/>: pending alerts come and go and would teach people not to look). Never waits.
/// </summary>
/// <param name="webhook">Null when none is configured.</param>
public sealed partial class AlertReporter(AlertText text, WebhookDelivery? webhook, ILogger log)
{
    /// <summary>Where news is posted; null when nowhere.</summary>
    public WebhookDelivery? Webhook => webhook;

    public void Report(IReadOnlyList<AlertTransition> transitions)
    {
        foreach (var transition in transitions)
        {
            LogLine(LevelOf(transition.Alert), text.LogLine(transition));
            if (transition.IsNews)
            {
                webhook?.Offer(AlertMessage.Of(transition, text));
            }
        }
    }

    private static LogLevel LevelOf(Alert alert) => alert.State != AlertState.Firing ? LogLevel.Information
        : alert.Rule.Grade == AlertGrade.Critical ? LogLevel.Critical
        : LogLevel.Warning;

    [LoggerMessage(Message = "{Line}")]
    private partial void LogLine(LogLevel level, string line);
}
