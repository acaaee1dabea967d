using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>Whether alerts reach those who are to be told, by channel.</summary>
internal static class ChannelMetrics
{
    public static void AddTo(Meter meter, IReadOnlyList<ChannelDelivery> channels)
    {
        IEnumerable<Measurement<double>> Each(Func<ChannelDelivery, double> value) =>
            channels.Select(channel => Sample(value(channel), ("channel", channel.Name)));

        meter.Counter("kpistream_alert_messages_sent_total", "Alert messages the receiver took.", () => Each(static channel => channel.Counts.Sent));
        meter.Counter("kpistream_alert_messages_retried_total", "Attempts that failed because the receiver was broken or could not be reached.",
            () => Each(static channel => channel.Retried));
        meter.Counter("kpistream_alert_messages_refused_total", "Attempts refused for the address or the credentials; the message is tried again after a "
            + "long pause.",
            () => Each(static channel => channel.Refused));
        meter.Counter("kpistream_alert_messages_dead_total", "Alert messages given up, by reason.",
            () => channels.SelectMany(static channel => channel.Counts.Dead.Append(new(OutboxLane.Full, 0)).DistinctBy(static dead => dead.Key)
                .Select(dead => Sample(dead.Value, ("channel", channel.Name), ("reason", dead.Key)))));
        meter.Counter("kpistream_alert_messages_replaced_total", "Alert messages that a newer one of the same key took the place of.",
            () => Each(static channel => channel.Counts.Replaced));
        meter.Gauge("kpistream_alert_messages_waiting", "Alert messages the receiver has not taken yet.", () => Each(static channel => channel.WaitingCount));
        meter.Gauge("kpistream_alert_messages_oldest_seconds", "How long the longest waiting has waited.",
            () => Each(static channel => channel.OldestAge.TotalSeconds));
    }
}
