using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.State;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What a source lacks for ever.</summary>
internal static class GapMetrics
{
    public static void AddTo(Meter meter, string source, GapRegister gaps) =>
        meter.Gauge("kpistream_source_gap_offsets", "Offsets that were never read and are gone, by whether somebody has acknowledged it.", () =>
        {
            var open = gaps.Open.Sum(static gap => gap.To - gap.From);
            var all = gaps.All.Sum(static gap => gap.To - gap.From);
            return [Sample(open, ("source", source), ("acknowledged", "false")), Sample(all - open, ("source", source), ("acknowledged", "true"))];
        });
}
