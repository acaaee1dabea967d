using System.Diagnostics.Metrics;
using KpiStream.Engine.Arrivals;
using KpiStream.Ingest.Host.Serving.Liveness;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>Which sources of events are heard of. Their names come from events: <see cref="SourceArrivals.MostSources"/> of them are told apart.</summary>
internal static class ArrivalMetrics
{
    public static void AddTo(Meter meter, LivenessSink watch)
    {
        meter.Gauge("kpistream_event_source_state", "1 for the state that a source is in: live, idle (no event, none expected), silent or gone (30 days).",
            () => watch.Sources.Sources.SelectMany(static one => Enum.GetValues<SourceState>().Select(state =>
                Sample(state == one.State ? 1 : 0, ("event_source", one.Source), ("state", SourceReading.NameOf(state))))));
        meter.Gauge("kpistream_event_source_silence_seconds", "How long ago a source's last event arrived, at the newest frame.",
            () => watch.Sources.Sources.Select(static one => Sample(one.Silence.TotalSeconds, ("event_source", one.Source))));
    }
}
