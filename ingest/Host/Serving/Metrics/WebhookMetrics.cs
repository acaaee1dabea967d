using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>Whether alerts reach those who are to be told.</summary>
internal static class WebhookMetrics
{
    public static void AddTo(Meter meter, WebhookDelivery webhook)
    {
        meter.Counter("kpistream_webhook_delivered_total", "Alert messages the receiver took.", () => webhook.Delivered);
        meter.Counter("kpistream_webhook_retried_total", "Attempts that failed because the receiver was broken or could not be reached.",
            () => webhook.Retried);
        meter.Counter("kpistream_webhook_refused_total", "Attempts the receiver refused; the message is tried again after a long pause.",
            () => webhook.Refused);
        meter.Counter("kpistream_webhook_replaced_total", "Messages that a newer one about the same rule and unit took the place of.",
            () => webhook.Replaced);
        meter.Gauge("kpistream_webhook_waiting", "Alert messages the receiver has not taken yet.", () => webhook.WaitingCount);
        meter.Gauge("kpistream_webhook_oldest_seconds", "How long the longest waiting has waited.", () => webhook.OldestAge.TotalSeconds);
    }
}
