using HdrHistogram;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The latencies of a run in HDR histograms of three digits, up to a day: one of each measure for the whole run, and one for the interval at present, which is
/// written to the log of histograms and forgotten when it ends. Any thread may record.
/// </summary>
internal sealed class LatencyBook : IDisposable
{
    /// <summary>What is not more than this is written as this, nanoseconds.</summary>
    private const long Least = 1_000;

    private const long Most = 86_400_000_000_000;

    private const int Digits = 3;

    public static readonly IReadOnlyList<LoadMeasure> Measures =
        [LoadMeasure.Applied, LoadMeasure.Published, LoadMeasure.Received, LoadMeasure.Beyond, LoadMeasure.Lag];

    private readonly Lock gate = new();
    private readonly LongHistogram[] whole = [.. Measures.Select(NewHistogram)];
    private readonly LongHistogram[] interval = [.. Measures.Select(NewHistogram)];
    private readonly MemoryStream log = new();
    private readonly HistogramLogWriter writer;
    private long intervalFrom;
    private bool hasBegun;

    public LatencyBook() => writer = new HistogramLogWriter(log);

    /// <summary>The log of all intervals so far, as every reader of HdrHistogram logs reads it; values are nanoseconds.</summary>
    public byte[] Log
    {
        get
        {
            lock (gate)
            {
                return HistogramLogText.Repair(log.ToArray());
            }
        }
    }

    public void Record(LoadMeasure measure, long nanos)
    {
        lock (gate)
        {
            RecordOne(measure, nanos);
        }
    }

    /// <summary>Records how long after their due moments many events reached something.</summary>
    /// <param name="due">When each was due, nanoseconds after the start.</param>
    /// <param name="reached">When all of them reached it.</param>
    /// <param name="without">What is not counted of it, nanoseconds.</param>
    public void Record(LoadMeasure measure, ReadOnlySpan<long> due, long reached, long without = 0)
    {
        lock (gate)
        {
            foreach (var moment in due)
            {
                RecordOne(measure, reached - moment - without);
            }
        }
    }

    /// <summary>The latency below which a share of the events stayed, nanoseconds; null where nothing was recorded.</summary>
    /// <param name="percentile">0 to 100; 100 is the maximum.</param>
    public long? At(LoadMeasure measure, double percentile)
    {
        lock (gate)
        {
            var histogram = whole[IndexOf(measure)];
            return histogram.TotalCount == 0 ? null : percentile >= 100 ? histogram.GetMaxValue() : histogram.GetValueAtPercentile(percentile);
        }
    }

    public long Count(LoadMeasure measure)
    {
        lock (gate)
        {
            return whole[IndexOf(measure)].TotalCount;
        }
    }

    /// <summary>Begins the first interval.</summary>
    /// <param name="wallMillis">The wall clock, milliseconds since 1970 UTC.</param>
    public void Begin(long wallMillis)
    {
        lock (gate)
        {
            writer.Write(DateTimeOffset.FromUnixTimeMilliseconds(wallMillis).UtcDateTime);
            (intervalFrom, hasBegun) = (wallMillis, true);
        }
    }

    /// <summary>Ends the interval: it is logged, and what it held is told.</summary>
    public IReadOnlyList<IntervalLatency> EndInterval(long wallMillis)
    {
        lock (gate)
        {
            if (!hasBegun)
            {
                return [];
            }

            var ended = new List<IntervalLatency>();
            foreach (var (index, measure) in Measures.Index())
            {
                var histogram = interval[index];
                if (histogram.TotalCount > 0)
                {
                    (histogram.StartTimeStamp, histogram.EndTimeStamp, histogram.Tag) = (intervalFrom, wallMillis, measure.ToString().ToLowerInvariant());
                    writer.Append(histogram);
                    ended.Add(new IntervalLatency(
                        measure, histogram.TotalCount, histogram.GetValueAtPercentile(50), histogram.GetValueAtPercentile(99), histogram.GetMaxValue()));
                    histogram.Reset();
                }
            }

            intervalFrom = wallMillis;
            return ended;
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        log.Dispose();
    }

    private static LongHistogram NewHistogram(LoadMeasure measure) => new(Least, Most, Digits);

    private static int IndexOf(LoadMeasure measure) => (int)measure;

    private void RecordOne(LoadMeasure measure, long nanos)
    {
        var value = Math.Clamp(nanos, 0, Most);
        whole[IndexOf(measure)].RecordValue(value);
        interval[IndexOf(measure)].RecordValue(value);
    }
}

/// <summary>What an interval held of one measure, nanoseconds.</summary>
internal sealed record IntervalLatency(LoadMeasure Measure, long Count, long P50, long P99, long Max);
