using System.Diagnostics.Metrics;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>How far the data reach, and whose clocks run ahead of the arrival of their events.</summary>
internal static class ClockMetrics
{
    /// <summary>Names of sources come from events: only the furthest ahead are labels.</summary>
    private const int MostSources = 10;

    private const long LeastLeadMillis = 1_000;

    public static void AddTo(Meter meter, IReadOnlyList<Intake> intakes, TimeProvider time)
    {
        meter.Gauge("kpistream_data_timestamp_seconds", "The newest event time that is not in the future, since 1970.",
            () => Newest(intakes, Now(time)) / (double)LocalTime.MillisPerSecond);
        meter.Gauge("kpistream_data_age_seconds", "How long ago that was; never below 0.",
            () => Now(time) is var now ? (now - Newest(intakes, now)) / (double)LocalTime.MillisPerSecond : null);
        meter.Gauge("kpistream_source_clock_ahead_seconds", "How far events of a source lay after their arrival within the last hour; the ten furthest.",
            () => intakes.SelectMany(intake => intake.ClocksAhead(Now(time), LeastLeadMillis)).OrderByDescending(static one => one.Lead)
                .DistinctBy(static one => one.Source).Take(MostSources)
                .Select(static one => Sample(one.Lead / (double)LocalTime.MillisPerSecond, ("event_source", one.Source))));
    }

    private static long Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long? Newest(IReadOnlyList<Intake> intakes, long now) =>
        intakes.Max(static intake => intake.Counts.DataTime) is > long.MinValue and var reached ? Math.Min(reached, now) : null;
}
