using HdrHistogram;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>How far a live event has come.</summary>
internal enum LatencyStage
{
    /// <summary>It is counted.</summary>
    Applied,

    /// <summary>It is in a published frame.</summary>
    Published,

    /// <summary>That frame is with a wallboard.</summary>
    Received,
}

/// <summary>
/// How long live events of the last minutes took from their records' timestamps. Of the events of one frame at most <see cref="MostNoted"/> are noted, evenly
/// spread when there are more. Accepted by the source's flow, begun and recorded by the publisher's, received by any; read by anyone. A restart begins anew.
/// </summary>
internal sealed class LiveLatencies(TimeProvider time)
{
    public const int MostNoted = 4_096;

    /// <summary>Two of these are kept: what is told is of the last two and a half to five minutes.</summary>
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(150);

    private const long MostMillis = 86_400_000;

    /// <summary>Frames that a reader may be behind and still be noted.</summary>
    private const int FramesKept = 32;

    private readonly Lock gate = new();
    private readonly (long Id, long Oldest)[] frames = new (long, long)[FramesKept];
    private LongHistogram[] current = New();
    private LongHistogram[] previous = New();
    private long turnedAt = time.GetTimestamp();
    private long[] noted = new long[MostNoted];
    private int count;
    private int stride = 1;
    private int skipped;

    /// <summary>An event came in live. Source's flow only.</summary>
    /// <param name="stamp">Its record's timestamp, milliseconds since 1970 UTC.</param>
    public void Accept(long stamp)
    {
        lock (gate)
        {
            if (++skipped < stride)
            {
                return;
            }

            skipped = 0;
            if (count == MostNoted)
            {
                // Every second one stays, and from now on twice as many are passed over.
                for (var place = 0; place < MostNoted / 2; place++)
                {
                    noted[place] = noted[2 * place];
                }

                (count, stride) = (MostNoted / 2, 2 * stride);
            }

            noted[count++] = stamp;
        }
    }

    /// <summary>Takes the events that the next frame will have; to be asked for when it is begun. Publisher's flow only.</summary>
    public LatencyBatch Begin()
    {
        lock (gate)
        {
            var batch = new LatencyBatch(noted.AsSpan(0, count).ToArray(), stride);
            (count, stride, skipped) = (0, 1, 0);
            return batch;
        }
    }

    /// <summary>All events of a batch have come to a stage now.</summary>
    public void Record(LatencyStage stage, LatencyBatch batch)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (gate)
        {
            Turn();
            foreach (var stamp in batch.Stamps)
            {
                current[(int)stage].RecordValueWithCount(Math.Clamp(now - stamp, 0, MostMillis), batch.Each);
            }
        }
    }

    /// <summary>The frame that has a batch is out. Publisher's flow only.</summary>
    public void Publish(long frame, LatencyBatch batch)
    {
        Record(LatencyStage.Published, batch);
        if (batch.Stamps.Length > 0)
        {
            lock (gate)
            {
                frames[frame % FramesKept] = (frame, batch.Stamps.Min());
            }
        }
    }

    /// <summary>A frame is with a wallboard: the oldest event in it counts, once for each wallboard.</summary>
    public void Receive(long frame)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (gate)
        {
            if (frames[frame % FramesKept] is var (id, oldest) && id == frame && frame > 0)
            {
                Turn();
                current[(int)LatencyStage.Received].RecordValue(Math.Clamp(now - oldest, 0, MostMillis));
            }
        }
    }

    /// <summary>The time within which a share of the events came to a stage, and how many came; null where none did lately.</summary>
    /// <param name="share">From 0 to 1.</param>
    public (TimeSpan Within, long Events)? Of(LatencyStage stage, double share)
    {
        lock (gate)
        {
            Turn();
            var both = (LongHistogram)previous[(int)stage].Copy();
            both.Add(current[(int)stage]);
            return both.TotalCount == 0 ? null : (TimeSpan.FromMilliseconds(both.AtPercentile(100 * share)), both.TotalCount);
        }
    }

    /// <summary>What a board says of it: nothing of what was measured longer ago.</summary>
    public BoardLatency ForBoard() => new(Within(LatencyStage.Applied), Within(LatencyStage.Published), Within(LatencyStage.Received));

    private BoardWithin? Within(LatencyStage stage) =>
        Of(stage, 0.5) is var (half, _) && Of(stage, 0.99) is var (most, _) ? new BoardWithin(Digits(half), Digits(most)) : null;

    /// <summary>Two digits: more would change with every frame, and say nothing.</summary>
    private static long Digits(TimeSpan time)
    {
        var unit = 1L;
        var millis = (long)Math.Ceiling(time.TotalMilliseconds);
        while (millis / unit >= 100)
        {
            unit *= 10;
        }

        return (millis + unit - 1) / unit * unit;
    }

    private static LongHistogram[] New() => [.. Enum.GetValues<LatencyStage>().Select(static _ => new LongHistogram(MostMillis, 2))];

    private void Turn()
    {
        var passed = time.GetElapsedTime(turnedAt);
        if (passed < Half)
        {
            return;
        }

        (previous, current) = passed < 2 * Half ? (current, New()) : (New(), New());
        turnedAt = time.GetTimestamp();
    }
}

/// <summary>Timestamps of live events that one frame has.</summary>
/// <param name="Stamps">Milliseconds since 1970 UTC.</param>
/// <param name="Each">How many events each stands for.</param>
internal sealed record LatencyBatch(long[] Stamps, int Each);
