using HdrHistogram;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Latencies as they are reported.</summary>
internal static class LatencyText
{
    /// <summary>The points of a curve: closer together the nearer they are to all events.</summary>
    private static readonly double[] Points =
        [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.975, 99.99, 99.995, 99.999, 99.9999, 100];

    public static string NameOf(LoadMeasure measure) => measure.ToString().ToLowerInvariant();

    public static double Millis(double nanos) => Math.Round(nanos / 1e6, 3);

    /// <summary>A summary of each measure of which there is anything.</summary>
    public static Dictionary<string, LatencySummary> Summaries(LatencyBook book) => LatencyBook.Measures.Where(measure => book.Count(measure) > 0)
        .ToDictionary(NameOf, measure => new LatencySummary(
            book.Count(measure), At(book, measure, 50), At(book, measure, 90), At(book, measure, 99), At(book, measure, 99.9), At(book, measure, 99.99),
            At(book, measure, 100))
        {
            Curve = [.. Points.Select(point => (double[])[point, At(book, measure, point)])],
        });

    /// <summary>Median, 99th percentile and maximum of an interval.</summary>
    public static double[] OfInterval(LongHistogram held) =>
        [Millis(held.AtPercentile(50)), Millis(held.AtPercentile(99)), Millis(held.GetMaxValue())];

    private static double At(LatencyBook book, LoadMeasure measure, double percentile) => Millis(book.At(measure, percentile) ?? 0);
}
