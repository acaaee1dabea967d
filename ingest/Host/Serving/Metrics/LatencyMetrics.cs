using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.Liveness;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>How soon live events are counted, published and on a wallboard.</summary>
internal static class LatencyMetrics
{
    private static readonly double[] Shares = [0.5, 0.99, 0.999];

    public static void AddTo(Meter meter, LiveLatencies latencies)
    {
        meter.Gauge("kpistream_event_latency_seconds",
            "From the record's timestamp of live events of the last minutes until they were applied, published, and (of the oldest in a frame) received.",
            () => Enum.GetValues<LatencyStage>().SelectMany(stage => Shares.Select(share => (stage, share, Told: latencies.Of(stage, share))))
                .Where(static one => one.Told is not null)
                .Select(static one => Sample(one.Told!.Value.Within.TotalSeconds, ("stage", NameOf(one.stage)), ("quantile", $"{one.share}"))));
        meter.Gauge("kpistream_event_latency_events", "How many live events these latencies are of.",
            () => Enum.GetValues<LatencyStage>().Select(stage => Sample(latencies.Of(stage, 1)?.Events ?? 0, ("stage", NameOf(stage)))));
    }

    private static string NameOf(LatencyStage stage) => stage.ToString().ToLowerInvariant();
}
