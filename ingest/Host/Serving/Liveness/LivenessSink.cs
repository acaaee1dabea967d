namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>
/// Stands between a live source and its intake and notices signs of life: when the source was last heard of, and whether it has read the past
/// of its log. Written by the source's flow, read by anyone.
/// </summary>
/// <param name="intake">Where records go.</param>
/// <param name="partitions">How many partitions the source has; 0 while that is unknown.</param>
internal sealed class LivenessSink(Intake intake, Func<int> partitions, TimeProvider time) : ForwardingSink(intake)
{
    // Records come in crowds while catching up; looking at the clock for every one of them would cost more than folding some.
    private const int RecordsPerGlance = 64;

    private long heardAt;
    private long glances;
    private int caughtUp;
    private volatile SourcesReading sources = SourcesReading.None;

    public Intake Intake => intake;

    /// <summary>
    /// How long the source has been silent by its own knowledge: a broker's answers say more than our own loop. Null, or an answer of null, where
    /// what reaches this sink is all that is known.
    /// </summary>
    public Func<TimeSpan?>? Silence { get; init; }

    /// <summary>What the source says of itself.</summary>
    public Func<SourceHealth> Health { get; init; } = static () => default;

    /// <summary>When a record last arrived: a source that answers and has nothing to give is silent too.</summary>
    public LastArrival Arrivals { get; } = new(time);

    /// <summary>What came in while the source could not be read, or faster than it is.</summary>
    public Backlog Backlog { get; } = new(time);

    /// <summary>How soon live events are on the board.</summary>
    public LiveLatencies Latencies { get; } = new(time);

    /// <summary>Milliseconds since 1970 UTC at which the source was last heard of; 0 for never.</summary>
    public long HeardAt => Silence?.Invoke() is { } silence
        ? time.GetUtcNow().ToUnixTimeMilliseconds() - (long)silence.TotalMilliseconds
        : Volatile.Read(ref heardAt);

    /// <summary>Which sources were heard of at the newest frame. Written by the publisher, read by anyone.</summary>
    public SourcesReading Sources
    {
        get => sources;
        set => sources = value;
    }

    /// <summary>True once the source had nothing left to read; it stays true.</summary>
    public bool IsCaughtUp => Volatile.Read(ref caughtUp) != 0;

    public override void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        intake.Accept(record, position, arrival);
        Arrivals.Add(arrival);
        if (IsCaughtUp && arrival != DecodeLimits.UnknownArrival)
        {
            Latencies.Accept(arrival);
        }

        if (++glances % RecordsPerGlance == 0)
        {
            Hear();
        }
    }

    public override void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        intake.RejectTooLarge(position, arrival, length, sha256);
        Arrivals.Add(arrival);
        Hear();
    }

    public override void Flush()
    {
        intake.Flush();
        Hear();
    }

    public override void ReportLag(int partition, long remaining)
    {
        intake.ReportLag(partition, remaining);
        Backlog.Report(partition, remaining);
        Hear();
        if (!IsCaughtUp && HasNothingLeft(intake.Counts.Lags))
        {
            Volatile.Write(ref caughtUp, 1);
            intake.IsLive = true;
            intake.IsCaughtUp = true;
        }

        intake.Partitions.IsLive = IsCaughtUp && !Backlog.IsRead;
    }

    // A partition that has not reported yet may hold anything: an empty one reports first.
    private bool HasNothingLeft(IReadOnlyList<(int Partition, long Remaining)> lags) =>
        partitions() is > 0 and var count && lags.Count >= count && lags.All(lag => lag.Remaining == 0);

    private void Hear()
    {
        Arrivals.Settle(IsCaughtUp);
        Volatile.Write(ref heardAt, time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
