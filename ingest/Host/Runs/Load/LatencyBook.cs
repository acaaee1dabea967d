using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The latencies of a run by measure: of the whole run, and by intervals in a log of histograms. Any thread may record; intervals are ended by one flow.
/// </summary>
/// <param name="from">What was due earlier is not recorded, nanoseconds after the start.</param>
/// <param name="log">Given all intervals, in nanoseconds; null for nowhere.</param>
internal sealed class LatencyBook(long from = 0, HistogramLog? log = null)
{
    public static readonly IReadOnlyList<LoadMeasure> Measures =
        [LoadMeasure.Applied, LoadMeasure.Published, LoadMeasure.Received, LoadMeasure.Beyond, LoadMeasure.Lag];

    private readonly LatencyTrack[] tracks = [.. Measures.Select(static _ => new LatencyTrack())];
    private long intervalFrom;
    private bool hasBegun;

    /// <summary>Records how late one event reached something.</summary>
    /// <param name="due">When it was due, nanoseconds after the start.</param>
    /// <param name="nanos">How long after.</param>
    public void Record(LoadMeasure measure, long due, long nanos)
    {
        if (due >= from)
        {
            Of(measure).Record(nanos);
        }
    }

    /// <summary>Records how long after their due moments many events reached something.</summary>
    /// <param name="due">When each was due, nanoseconds after the start; in any order.</param>
    /// <param name="reached">When all of them reached it.</param>
    /// <param name="without">What is not counted of it, nanoseconds.</param>
    public void Record(LoadMeasure measure, ReadOnlySpan<long> due, long reached, long without = 0) =>
        Of(measure).Record(due, reached, without, from);

    /// <summary>The latency below which a share of the events stayed, nanoseconds; null where nothing was recorded.</summary>
    /// <param name="percentile">0 to 100; 100 is the maximum.</param>
    public long? At(LoadMeasure measure, double percentile) => Of(measure).At(percentile);

    public long Count(LoadMeasure measure) => Of(measure).Count;

    /// <summary>Begins the first interval.</summary>
    /// <param name="wallMillis">The wall clock, milliseconds since 1970 UTC.</param>
    public void Begin(long wallMillis)
    {
        log?.Begin(wallMillis);
        (intervalFrom, hasBegun) = (wallMillis, true);
    }

    /// <summary>Ends the interval: it is logged, and what it held is told.</summary>
    public IReadOnlyList<IntervalLatency> EndInterval(long wallMillis)
    {
        var ended = new List<IntervalLatency>();
        foreach (var measure in hasBegun ? Measures : [])
        {
            var held = Of(measure).EndInterval();
            if (held.TotalCount > 0)
            {
                log?.Append(held, LatencyText.NameOf(measure), intervalFrom, wallMillis);
                ended.Add(new IntervalLatency(LatencyText.NameOf(measure), PackedLatencies.Of(held), LatencyText.OfInterval(held)));
            }
        }

        intervalFrom = wallMillis;
        return ended;
    }

    private LatencyTrack Of(LoadMeasure measure) => tracks[(int)measure];
}

/// <summary>What an interval held of one measure.</summary>
/// <param name="Said">As in <see cref="LoadSample.Latencies"/>.</param>
internal sealed record IntervalLatency(string Measure, PackedLatencies All, double[] Said);
