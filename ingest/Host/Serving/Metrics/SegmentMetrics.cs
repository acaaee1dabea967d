using KpiStream.Ingest.Sources.Logs;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>The embedded log's segments.</summary>
internal static class SegmentMetrics
{
    /// <summary>As Prometheus text; empty where there is no embedded log.</summary>
    public static string Read(SegmentWatch? segments) => segments is null
        ? ""
        : new PrometheusText().Gauge("kpistream_log_segments_missing", "Segments of the log that were deleted, moved or replaced while serving.")
            .Sample(segments.Missing).ToString();
}
