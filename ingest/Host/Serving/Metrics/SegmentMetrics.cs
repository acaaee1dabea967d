using System.Diagnostics.Metrics;
using KpiStream.Ingest.Sources.Logs;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>The embedded log's segments.</summary>
internal static class SegmentMetrics
{
    public static void AddTo(Meter meter, SegmentWatch segments) =>
        meter.Gauge("kpistream_log_segments_missing", "Segments of the log that were deleted, moved or replaced while serving.", () => segments.Missing);
}
