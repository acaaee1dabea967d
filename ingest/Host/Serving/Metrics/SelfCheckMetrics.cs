using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What a server's recounts of its own log found.</summary>
internal static class SelfCheckMetrics
{
    public static void AddTo(Meter meter, SelfCheckService checks)
    {
        meter.Counter("kpistream_self_checks_total", "Recounts of a unit's day from the log, by how they came out.", () => Enum.GetValues<SelfCheckVerdict>()
            .Select(verdict => Sample(checks.Counts.Of(verdict), ("result", SelfCheckService.NameOf(verdict)))));
        meter.Gauge("kpistream_self_check_different", "1 while a figure that differed from the log has not come out equal since.",
            () => checks.HasDifference ? 1 : 0);
        meter.Gauge("kpistream_self_check_timestamp_seconds", "The instant that the last recount is of, since 1970.",
            () => checks.Last?.At / (double)LocalTime.MillisPerSecond);
        meter.Gauge("kpistream_self_check_seconds", "How long the last recount took.", () => checks.Last?.Took.TotalSeconds);
        meter.Gauge("kpistream_self_check_records", "Records read for it.", () => checks.Last?.Records);
    }
}
