using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>The embedded log's segments.</summary>
internal static class SegmentMetrics
{
    public static void AddTo(Meter meter, SegmentWatch segments, LogSource source, GapRegister gaps)
    {
        meter.Gauge("kpistream_log_segments_missing", "Segments of the log that were deleted, moved, replaced or cut short while serving.",
            () => segments.Missing);
        meter.Gauge("kpistream_log_damaged", "1 when a part of the log could not be read.", () => source.Damage.Length > 0 ? 1 : 0);
        GapMetrics.AddTo(meter, source.Name, gaps);
    }
}
