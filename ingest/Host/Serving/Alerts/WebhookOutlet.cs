using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Tells a webhook of each cause in one message: the worst of its alerts, and how many others there are.</summary>
internal sealed class WebhookOutlet(WebhookDelivery webhook, AlertText text) : INotificationOutlet
{
    public Task OfferAsync(IReadOnlyList<AlertNotification> notifications)
    {
        foreach (var notification in notifications.Where(static one => one.Alerts.Count > 0))
        {
            webhook.Offer(MessageOf(notification));
        }

        return Task.CompletedTask;
    }

    private AlertMessage MessageOf(AlertNotification notification)
    {
        var worst = notification.Alerts[0] with { State = notification.State };
        var message = AlertMessage.Of(new AlertTransition(worst, AlertState.Inactive, notification.At), text);
        return message with
        {
            Id = notification.Key,
            Previous = notification.Order == 1 ? message.Previous : notification.Reason == NotificationReason.Fired ? "resolved" : "firing",
            Text = notification.Count == 1 ? message.Text
                : $"{message.Text} (và {VietnameseText.Count(notification.Count - 1)} cảnh báo khác cùng nguyên nhân)",
        };
    }
}
