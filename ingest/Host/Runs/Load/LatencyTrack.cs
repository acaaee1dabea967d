using HdrHistogram;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// One measure's latencies in HDR histograms of three digits, up to a day: for the whole run, and for the interval at present. What ends an interval takes its
/// histogram and puts an empty one there, so recording waits for nothing else. Any thread may record.
/// </summary>
internal sealed class LatencyTrack
{
    public const int Digits = 3;

    /// <summary>What is not more than this is written as this, nanoseconds.</summary>
    private const long Least = 1_000;

    private const long Most = 86_400_000_000_000;

    private readonly Lock gate = new();
    private readonly LongHistogram whole = NewHistogram();
    private LongHistogram interval = NewHistogram();
    private LongHistogram spare = NewHistogram();

    /// <summary>An empty one of this kind.</summary>
    public static LongHistogram NewHistogram() => new(Least, Most, Digits);

    public long Count
    {
        get
        {
            lock (gate)
            {
                return whole.TotalCount;
            }
        }
    }

    public void Record(long nanos)
    {
        lock (gate)
        {
            RecordOne(nanos);
        }
    }

    /// <summary>Records how long after their due moments many events reached something, less what is not counted of it.</summary>
    /// <param name="from">Events that were due earlier are left out.</param>
    public void Record(ReadOnlySpan<long> due, long reached, long without, long from)
    {
        lock (gate)
        {
            foreach (var moment in due)
            {
                if (moment >= from)
                {
                    RecordOne(reached - moment - without);
                }
            }
        }
    }

    /// <summary>As <see cref="LatencyBook.At"/>.</summary>
    public long? At(double percentile)
    {
        lock (gate)
        {
            return whole.TotalCount == 0 ? null : whole.AtPercentile(percentile);
        }
    }

    /// <summary>Ends the interval. What it held is the caller's until this is called again, which is for one flow to do.</summary>
    public LongHistogram EndInterval()
    {
        spare.Reset();
        lock (gate)
        {
            (interval, spare) = (spare, interval);
        }

        return spare;
    }

    private void RecordOne(long nanos)
    {
        var value = Math.Clamp(nanos, 0, Most);
        whole.RecordValue(value);
        interval.RecordValue(value);
    }
}
