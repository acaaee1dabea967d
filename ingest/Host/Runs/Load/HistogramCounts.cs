using System.Numerics;
using HdrHistogram;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// What a histogram holds, value by value. Asked for each: the package's own enumeration tells some indexes twice. Pure.
/// </summary>
internal static class HistogramCounts
{
    /// <summary>The indexes with a count, ascending, each with the least value that is counted there.</summary>
    /// <param name="digits">The significant digits of the histogram.</param>
    public static IEnumerable<(int Index, long Value, long Count)> Of(LongHistogram histogram, int digits)
    {
        // The package chooses the least power of two that tells apart twice as many values as the digits do.
        var halfMagnitude = BitOperations.Log2(BitOperations.RoundUpToPowerOf2(2 * (uint)Math.Pow(10, digits))) - 1;
        var unit = BitOperations.Log2((ulong)histogram.LowestTrackableValue);
        for (var (index, left) = (0, histogram.TotalCount); left > 0; index++)
        {
            var value = ValueAt(index, halfMagnitude, unit);
            if (histogram.GetCountAtValue(value) is > 0 and var count)
            {
                left -= count;
                yield return (index, value, count);
            }
        }
    }

    /// <summary>The least value of an index: from the second stretch of indexes on, each has half as many as the first and is twice as coarse.</summary>
    private static long ValueAt(int index, int halfMagnitude, int unit)
    {
        var coarser = Math.Max(0, (index >> halfMagnitude) - 1);
        return (index - ((long)coarser << halfMagnitude)) << (coarser + unit);
    }
}
