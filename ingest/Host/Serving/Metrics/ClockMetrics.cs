using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Time;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>How far the data reach, and whose clocks run ahead of the arrival of their events.</summary>
internal static class ClockMetrics
{
    /// <summary>Names of sources come from events: only the furthest ahead are labels.</summary>
    private const int MostSources = 10;

    private const long LeastLeadMillis = 1_000;

    public static void WriteTo(PrometheusText text, IReadOnlyList<Intake> intakes, long now)
    {
        if (intakes.Max(static intake => intake.Counts.DataTime) is > long.MinValue and var reached)
        {
            var newest = Math.Min(reached, now);
            text.Gauge("kpistream_data_timestamp_seconds", "The newest event time that is not in the future, since 1970.")
                .Sample(newest / (double)LocalTime.MillisPerSecond);
            text.Gauge("kpistream_data_age_seconds", "How long ago that was; never below 0.").Sample((now - newest) / (double)LocalTime.MillisPerSecond);
        }

        text.Gauge("kpistream_source_clock_ahead_seconds", "How far events of a source lay after their arrival within the last hour; the ten furthest.");
        foreach (var (source, lead) in intakes.SelectMany(intake => intake.ClocksAhead(now, LeastLeadMillis)).OrderByDescending(static one => one.Lead)
            .DistinctBy(static one => one.Source).Take(MostSources))
        {
            text.Sample(lead / (double)LocalTime.MillisPerSecond, ("event_source", source));
        }
    }
}
