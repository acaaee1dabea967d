using HdrHistogram;
using KpiStream.Ingest.Host.Runs.Load;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>What the log says is what was recorded, value by value, as the package's own reader takes it.</summary>
public sealed class HistogramLogTests
{
    private const long Most = 86_400_000_000_000;

    [Theory]
    [InlineData(3, 1_000, 16_001)]
    [InlineData(3, 1, 16_002)]
    [InlineData(2, 1_000_000, 16_003)]
    public void RandomValues_ComeBackAsTheyWereRecorded(int digits, long least, int seed)
    {
        var random = new Random(seed);
        using var written = new MemoryStream();
        var log = new HistogramLog(written, digits);
        log.Begin(1_764_000_000_250);
        var (recorded, values) = (new List<LongHistogram>(), new HashSet<long>());
        for (var line = 0; line < 20; line++)
        {
            var histogram = new LongHistogram(least, Most, digits);
            for (var i = random.Next(1, 2_000); i > 0; i--)
            {
                // As many magnitudes as there are; the ends, and far more than once, among them.
                var value = random.Next(40) switch { 0 => 0, 1 => Most, _ => (long)Math.Pow(2, random.NextDouble() * 46) };
                values.Add(value);
                histogram.RecordValueWithCount(value, random.Next(20) == 0 ? random.NextInt64(1, 1L << 40) : 1);
            }

            log.Append(histogram, $"line{line}", 1_764_000_000_250 + (line * 1_000), 1_764_000_001_250 + (line * 1_000));
            recorded.Add(histogram);
        }

        using var reader = new HistogramLogReader(new MemoryStream(written.ToArray()));
        var read = reader.ReadHistograms().ToList();
        Assert.Equal(Enumerable.Range(0, 20).Select(static line => $"line{line}"), read.Select(static one => one.Tag));
        foreach (var (expected, found) in recorded.Zip(read))
        {
            Assert.Equal(expected.TotalCount, found.TotalCount);
            Assert.All(values, value => Assert.Equal(expected.GetCountAtValue(value), found.GetCountAtValue(value)));
            Assert.Equal(expected.GetMaxValue(), found.GetMaxValue());
        }
    }

    [Fact]
    public void ATargetThatCannotBeWritten_EndsTheLogAndNotTheRun()
    {
        var full = new Full();
        var log = new HistogramLog(full, 3);
        log.Begin(1_764_000_000_250);
        Assert.Null(log.Failure);
        log.Append(new LongHistogram(1_000, Most, 3), "one", 0, 1_000);
        log.Append(new LongHistogram(1_000, Most, 3), "two", 1_000, 2_000);
        Assert.Equal(("no room", 2), (log.Failure?.Message, full.Writes));
    }

    private sealed class Full : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (++Writes > 1)
            {
                throw new IOException("no room");
            }
        }
    }
}
