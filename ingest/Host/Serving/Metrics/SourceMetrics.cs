using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Output.DeadLetters;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What came in, by source. Label values come from configuration and from the fixed list of reasons and keys, never from records.</summary>
internal static class SourceMetrics
{
    // Listed at zero too, so that a first rejection is seen as an increase.
    private static readonly string[] KeylessReasons = ["too_large", "malformed", "unsupported_version", "from_the_future", "unknown_source"];

    public static void AddTo(Meter meter, IReadOnlyList<Intake> intakes)
    {
        meter.Counter("kpistream_events_accepted_total", "Events accepted, duplicates included.",
            () => intakes.Select(static intake => Sample(intake.Counts.Accepted, ("source", intake.Source))));
        meter.Counter("kpistream_events_rejected_total", "Records rejected, by reason and, where the reason has one, key.",
            () => intakes.SelectMany(Rejected));
        meter.Counter("kpistream_events_late_total", "Accepted events that were late.",
            () => intakes.Select(static intake => Sample(intake.Counts.Late, ("source", intake.Source))));
        meter.Gauge("kpistream_source_lag_records", "Records known to exist and not yet read.", () => intakes.SelectMany(static intake => intake.Counts.Lags
            .Select(lag => Sample(lag.Remaining, ("source", intake.Source), ("partition", lag.Partition.ToString())))));
    }

    private static IEnumerable<Measurement<double>> Rejected(Intake intake)
    {
        var counts = KeylessReasons.ToDictionary(reason => reason, _ => 0L);
        foreach (var (verdict, count) in intake.Counts.ByReason)
        {
            counts[verdict.ToString()] = count;
        }

        return counts.Select(one => Sample(
            one.Value, ("source", intake.Source), ("reason", RejectText.ReasonOf(one.Key)), ("key", RejectText.KeyOf(one.Key))));
    }
}
