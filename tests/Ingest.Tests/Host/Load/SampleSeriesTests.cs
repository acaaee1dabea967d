using HdrHistogram;
using KpiStream.Ingest.Host.Runs.Load;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>However many intervals are made one, each says what a naive model does that keeps every second.</summary>
public sealed class SampleSeriesTests
{
    [Theory]
    [InlineData(30, 1)]
    [InlineData(SampleSeries.Most, 2)]
    [InlineData(SampleSeries.Most + 1, 3)]
    [InlineData(2_500, 4)]
    public void ManySeconds_AreBoundedAndSayWhatAllOfThemDo(int seconds, int seed)
    {
        var random = new Random(seed);
        var series = new SampleSeries();
        var all = new List<(LoadSample Sample, LongHistogram? Recorded)>();
        for (var second = 1; second <= seconds; second++)
        {
            // Some seconds nothing comes.
            var recorded = random.Next(5) == 0 ? null : Recorded(random);
            var sample = new LoadSample(
                second, random.Next(1_000), random.Next(1_000), random.Next(100), random.Next(500), random.Next(50), second / 3, random.Next(3),
                recorded is null ? new Dictionary<string, double[]>() : new() { ["applied"] = LatencyText.OfInterval(recorded) });
            all.Add((sample, recorded));
            series.Add(sample, 1, recorded is null ? new Dictionary<string, PackedLatencies>() : new() { ["applied"] = PackedLatencies.Of(recorded) });
        }

        Assert.InRange(series.Samples.Count, Math.Min(seconds, SampleSeries.Most / 2), SampleSeries.Most);
        var from = 0.0;
        foreach (var sample in series.Samples)
        {
            AssertSays(sample, [.. all.Where(one => one.Sample.At > from && one.Sample.At <= sample.At)]);
            from = sample.At;
        }

        Assert.Equal(seconds, from);
    }

    private static void AssertSays(LoadSample sample, (LoadSample Sample, LongHistogram? Recorded)[] seconds)
    {
        void AssertMean(double said, Func<LoadSample, double> of) => Assert.Equal(seconds.Average(one => of(one.Sample)), said, tolerance: 0.02);

        AssertMean(sample.SentPerS, static one => one.SentPerS);
        AssertMean(sample.AppliedPerS, static one => one.AppliedPerS);
        AssertMean(sample.GcPauseMs, static one => one.GcPauseMs);
        AssertMean(sample.CpuShare, static one => one.CpuShare);
        Assert.Equal(seconds.Max(static one => one.Sample.Lag), sample.Lag);
        Assert.Equal(seconds.Max(static one => one.Sample.MemoryMb), sample.MemoryMb);
        Assert.Equal(seconds[^1].Sample.Gen2, sample.Gen2);
        var sum = LatencyTrack.NewHistogram();
        foreach (var (_, recorded) in seconds)
        {
            sum.Add(recorded ?? LatencyTrack.NewHistogram());
        }

        Assert.Equal(sum.TotalCount == 0 ? null : LatencyText.OfInterval(sum), sample.Latencies.GetValueOrDefault("applied"));
    }

    private static LongHistogram Recorded(Random random)
    {
        var histogram = LatencyTrack.NewHistogram();
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            histogram.RecordValue((long)Math.Pow(2, random.NextDouble() * 26));
        }

        return histogram;
    }
}
