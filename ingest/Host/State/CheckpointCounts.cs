using HdrHistogram;

namespace KpiStream.Ingest.Host.State;

/// <summary>What became of the checkpoints of a run. Written by one flow at a time, read by anyone.</summary>
internal sealed class CheckpointCounts
{
    /// <summary>A longer pause counts as one of this length.</summary>
    private static readonly TimeSpan LongestKnown = TimeSpan.FromHours(1);

    // Two digits: what is told of pauses is within a hundredth of the true one.
    private readonly LongHistogram pauses = new(LongestKnown.Ticks, 2);
    private readonly Lock noting = new();
    private long written;
    private long failed;
    private long bytes;
    private long cases;
    private long madeAt;
    private long writeTicks;

    public long Written => Volatile.Read(ref written);

    /// <summary>Those that could not be written; the ones before stay.</summary>
    public long Failed => Volatile.Read(ref failed);

    /// <summary>Bytes of the newest.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Cases in the newest.</summary>
    public long Cases => Volatile.Read(ref cases);

    /// <summary>When the newest was cut, milliseconds since 1970 UTC; 0 before the first.</summary>
    public long MadeAt => Volatile.Read(ref madeAt);

    /// <summary>How long the newest took from its cut to being on disk.</summary>
    public TimeSpan LastWrite => TimeSpan.FromTicks(Volatile.Read(ref writeTicks));

    /// <summary>The longest that a checkpoint kept an intake or a shard from its work at a time.</summary>
    public TimeSpan LongestPause => PauseOf(1);

    public void AddWritten(long newBytes, long newCases, long newMadeAt, TimeSpan took)
    {
        Volatile.Write(ref bytes, newBytes);
        Volatile.Write(ref cases, newCases);
        Volatile.Write(ref writeTicks, took.Ticks);
        Volatile.Write(ref madeAt, newMadeAt);
        Interlocked.Increment(ref written);
    }

    public void AddFailed() => Interlocked.Increment(ref failed);

    /// <summary>A time that this share of the pauses did not exceed; zero when there were none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan PauseOf(double share)
    {
        lock (noting)
        {
            return TimeSpan.FromTicks(pauses.AtPercentile(100 * share));
        }
    }

    /// <summary>May be called on any thread.</summary>
    public void AddPause(TimeSpan pause)
    {
        lock (noting)
        {
            pauses.RecordValue(Math.Clamp(pause.Ticks, 1, LongestKnown.Ticks));
        }
    }

    /// <summary>Begins again with pauses.</summary>
    public void ForgetPauses()
    {
        lock (noting)
        {
            pauses.Reset();
        }
    }
}
