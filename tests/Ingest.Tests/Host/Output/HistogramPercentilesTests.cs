using HdrHistogram;
using KpiStream.Ingest.Host.Output;

namespace KpiStream.Ingest.Tests.Host.Output;

public sealed class HistogramPercentilesTests
{
    [Theory]
    [InlineData(16_101)]
    [InlineData(16_102)]
    public void APercentile_IsTheLeastValueThatSoManyDoNotExceed(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 300; count++)
        {
            var histogram = new LongHistogram(1, 86_400_000_000_000, 3);
            var values = Enumerable.Range(0, count).Select(_ => (long)Math.Pow(2, random.NextDouble() * 40)).Order().ToArray();
            Array.ForEach(values, histogram.RecordValue);
            foreach (var (percentile, perMillion) in
                (ReadOnlySpan<(double, long)>)[(50, 500_000), (90, 900_000), (99, 990_000), (99.9, 999_000), (100, 1_000_000)])
            {
                var expected = count == 0 ? 0 : values[(((count * perMillion) + 999_999) / 1_000_000) - 1];
                Assert.Equal(histogram.HighestEquivalentValue(expected), histogram.AtPercentile(percentile));
            }
        }
    }

    [Fact]
    public void AShareThatIsNoBinaryFraction_StillEndsAtItsValue()
    {
        var histogram = new LongHistogram(1, 1_000_000, 5);
        for (var value = 1; value <= 1_000; value++)
        {
            histogram.RecordValue(value);
        }

        Assert.Equal([900, 990, 999, 1_000], ((double[])[90, 99, 99.9, 99.99]).Select(percentile => histogram.AtPercentile(percentile)));
    }
}
