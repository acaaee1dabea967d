using System.Numerics;

namespace KpiStream.Ingest.Host.Checkpoints;

/// <summary>What became of the checkpoints of a run. Written by one flow at a time, read by anyone.</summary>
internal sealed class CheckpointCounts
{
    private long written;
    private long failed;
    private long bytes;
    private long cases;
    private long madeAt;
    private long writeTicks;
    private readonly long[] pauses = new long[64]; // by the logarithm of their ticks

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

    /// <summary>A time that this share of the pauses did not reach, at most twice the true one.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan PauseOf(double share)
    {
        var (left, bucket) = (pauses.Sum() * share, 0);
        for (; bucket < 63 && left > pauses[bucket]; bucket++)
        {
            left -= pauses[bucket];
        }

        return TimeSpan.FromTicks(2L << bucket);
    }

    /// <summary>May be called on any thread.</summary>
    public void AddPause(TimeSpan pause) => Interlocked.Increment(ref pauses[BitOperations.Log2((ulong)pause.Ticks)]);

    /// <summary>Begins anew with pauses.</summary>
    public void ForgetPauses() => Array.Clear(pauses);
}
