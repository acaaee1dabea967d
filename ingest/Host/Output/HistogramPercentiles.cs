using HdrHistogram;

namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// Percentiles as HdrHistogram defines them and its readers in other languages say them. The package rounds the rank to the nearest: of 360 values its 99th
/// percentile is one that only 98.9 % do not exceed.
/// </summary>
internal static class HistogramPercentiles
{
    /// <summary>The least value, to the histogram's digits and rounded up, that at least this share of all does not exceed; zero of an empty one.</summary>
    /// <param name="percentile">From 0 to 100.</param>
    public static long AtPercentile(this HistogramBase histogram, double percentile)
    {
        // One step lower, so that 99.9 % of a thousand are 999 though the product is a little more.
        var rank = Math.Max(1, (long)Math.Ceiling(Math.BitDecrement(percentile) * histogram.TotalCount / 100));
        return histogram.TotalCount == 0 ? 0
            : rank >= histogram.TotalCount ? histogram.GetMaxValue()
            : histogram.GetValueAtPercentile(100.0 * rank / histogram.TotalCount);
    }
}
