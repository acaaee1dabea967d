using KpiStream.Engine.Time;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What a server's recounts of its own log found.</summary>
internal static class SelfCheckMetrics
{
    public static void WriteTo(PrometheusText text, SelfCheckService checks)
    {
        text.Counter("kpistream_self_checks_total", "Recounts of a unit's day from the log, by how they came out.");
        foreach (var verdict in Enum.GetValues<SelfCheckVerdict>())
        {
            text.Sample(checks.Counts.Of(verdict), ("result", SelfCheckService.NameOf(verdict)));
        }

        text.Gauge("kpistream_self_check_different", "1 while a figure that differed from the log has not come out equal since.")
            .Sample(checks.HasDifference ? 1 : 0);
        if (checks.Last is { } last)
        {
            text.Gauge("kpistream_self_check_timestamp_seconds", "The instant that the last recount is of, since 1970.")
                .Sample(last.At / (double)LocalTime.MillisPerSecond);
            text.Gauge("kpistream_self_check_seconds", "How long the last recount took.").Sample(last.Took.TotalSeconds);
            text.Gauge("kpistream_self_check_records", "Records read for it.").Sample(last.Records);
        }
    }
}
