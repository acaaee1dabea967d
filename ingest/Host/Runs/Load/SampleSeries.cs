using HdrHistogram;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The intervals of a run, however long it lasts: when there are too many, each two neighbours become one, and from then on what comes is added up over
/// as long. Owned by one flow.
/// </summary>
internal sealed class SampleSeries
{
    /// <summary>More points than this tell nothing apart in a chart.</summary>
    public const int Most = 600;

    private readonly List<Kept> kept = [];
    private readonly LongHistogram sum = LatencyTrack.NewHistogram();

    // How long an interval becomes before the next begins, seconds.
    private double length = 1;

    public IReadOnlyList<LoadSample> Samples => [.. kept.Select(static one => one.Sample)];

    /// <summary>Adds the interval that follows the last.</summary>
    /// <param name="seconds">How long it was.</param>
    /// <param name="latencies">All that was recorded in it, by the same names as the sample's.</param>
    public void Add(LoadSample sample, double seconds, IReadOnlyDictionary<string, PackedLatencies> latencies)
    {
        var one = new Kept(sample, seconds, latencies);
        // A timer is early or late by milliseconds.
        if (kept.Count > 0 && kept[^1].Seconds + seconds <= length * 1.01)
        {
            kept[^1] = Merge(kept[^1], one);
            return;
        }

        kept.Add(one);
        if (kept.Count > Most)
        {
            Halve();
        }
    }

    private void Halve()
    {
        Kept[] pairs = [.. kept.Chunk(2).Select(pair => pair is [var one, var next] ? Merge(one, next) : pair[0])];
        length *= 2;
        kept.Clear();
        kept.AddRange(pairs);
    }

    private Kept Merge(Kept one, Kept next)
    {
        var seconds = one.Seconds + next.Seconds;
        double Mean(Func<LoadSample, double> of) => Math.Round(((of(one.Sample) * one.Seconds) + (of(next.Sample) * next.Seconds)) / seconds, 3);
        var latencies = one.Latencies.Concat(next.Latencies).GroupBy(static part => part.Key, static part => part.Value)
            .ToDictionary(static same => same.Key, same => Sum(same));
        var sample = next.Sample with
        {
            SentPerS = Mean(static part => part.SentPerS),
            AppliedPerS = Mean(static part => part.AppliedPerS),
            Lag = Math.Max(one.Sample.Lag, next.Sample.Lag),
            MemoryMb = Math.Max(one.Sample.MemoryMb, next.Sample.MemoryMb),
            GcPauseMs = Mean(static part => part.GcPauseMs),
            CpuShare = Mean(static part => part.CpuShare),
            Latencies = latencies.ToDictionary(static part => part.Key, static part => part.Value.Said),
        };
        return new Kept(sample, seconds, latencies.ToDictionary(static part => part.Key, static part => part.Value.Packed));
    }

    private (PackedLatencies Packed, double[] Said) Sum(IEnumerable<PackedLatencies> parts)
    {
        sum.Reset();
        foreach (var part in parts)
        {
            part.AddTo(sum);
        }

        return (PackedLatencies.Of(sum), LatencyText.OfInterval(sum));
    }

    private sealed record Kept(LoadSample Sample, double Seconds, IReadOnlyDictionary<string, PackedLatencies> Latencies);
}
