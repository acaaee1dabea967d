using System.Globalization;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What came in, by source. Label values come from configuration and from the fixed list of reasons and keys, never from records.</summary>
internal static class SourceMetrics
{
    // Listed at zero too, so that a first rejection is seen as an increase.
    private static readonly string[] KeylessReasons = ["too_large", "malformed", "unsupported_version", "from_the_future", "unknown_source"];

    public static void WriteTo(PrometheusText text, IReadOnlyList<Intake> intakes)
    {
        text.Counter("kpistream_events_accepted_total", "Events accepted, duplicates included.");
        Each(intakes, intake => text.Sample(intake.Counts.Accepted, ("source", intake.Source)));
        text.Counter("kpistream_events_rejected_total", "Records rejected, by reason and, where the reason has one, key.");
        Each(intakes, intake => WriteRejected(text, intake));
        text.Counter("kpistream_events_late_total", "Accepted events that were late.");
        Each(intakes, intake => text.Sample(intake.Counts.Late, ("source", intake.Source)));
        text.Gauge("kpistream_source_lag_records", "Records known to exist and not yet read.");
        foreach (var intake in intakes)
        {
            foreach (var (partition, lag) in intake.Counts.Lags)
            {
                text.Sample(lag, ("source", intake.Source), ("partition", partition.ToString(CultureInfo.InvariantCulture)));
            }
        }
    }

    private static void WriteRejected(PrometheusText text, Intake intake)
    {
        var counts = KeylessReasons.ToDictionary(reason => reason, _ => 0L, StringComparer.Ordinal);
        foreach (var (verdict, count) in intake.Counts.ByReason)
        {
            counts[verdict.ToString()] = count;
        }

        foreach (var (reason, count) in counts)
        {
            text.Sample(count, ("source", intake.Source), ("reason", RejectText.ReasonOf(reason)), ("key", RejectText.KeyOf(reason)));
        }
    }

    private static void Each(IReadOnlyList<Intake> intakes, Action<Intake> write)
    {
        foreach (var intake in intakes)
        {
            write(intake);
        }
    }
}
