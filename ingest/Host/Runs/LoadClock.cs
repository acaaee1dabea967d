using System.Diagnostics;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>The time of a run, nanoseconds since its start.</summary>
internal interface ILoadClock
{
    long Now { get; }

    /// <summary>How long a rest is, about, nanoseconds.</summary>
    long Beat { get; }

    /// <summary>Rests for a beat, or until the run is stopped, without looking at the clock: for who has something to do before what is due.</summary>
    void Rest(CancellationToken stop);

    /// <summary>Waits until a moment has come; returns at once when it has passed, or when the run is stopped.</summary>
    void WaitUntil(long nanos, CancellationToken stop);
}

/// <summary>
/// The machine's monotonic clock. A wait sleeps in whole milliseconds and looks at the clock for the rest, unless events are due so often that looking
/// would cost a core: then they are sent in the millisecond after they are due.
/// </summary>
internal sealed class LoadClock : ILoadClock
{
    private const long Milli = 1_000_000;

    /// <summary>By so much a sleep is mostly longer than it was asked to be.</summary>
    private const long Oversleep = Milli / 5;

    /// <summary>At most this share of the time is spent looking at the clock.</summary>
    private const int MostSpun = 8;

    private long origin = Stopwatch.GetTimestamp();
    private long spun;

    /// <summary>The wall clock at the start, milliseconds since 1970 UTC.</summary>
    public long StartMillis { get; private set; }

    public long Beat => Milli;

    public long Now => Of(Stopwatch.GetTimestamp());

    /// <summary>Sets the start a little ahead.</summary>
    public void Start(TimeProvider time, long leadNanos)
    {
        (origin, spun) = (Stopwatch.GetTimestamp() + (long)(leadNanos / (1e9 / Stopwatch.Frequency)), 0);
        StartMillis = time.GetUtcNow().ToUnixTimeMilliseconds() + (leadNanos / Milli);
    }

    /// <summary>The time of a timestamp.</summary>
    public long Of(long timestamp) => (long)((timestamp - origin) * (1e9 / Stopwatch.Frequency));

    public void Rest(CancellationToken stop) => stop.WaitHandle.WaitOne((int)(Beat / Milli));

    public void WaitUntil(long nanos, CancellationToken stop)
    {
        for (var ahead = nanos - Now; ahead > 0 && !stop.IsCancellationRequested; ahead = nanos - Now)
        {
            if (ahead >= Milli + Oversleep)
            {
                stop.WaitHandle.WaitOne((int)Math.Min((ahead - Oversleep) / Milli, 1_000));
            }
            else if (spun < Now / MostSpun)
            {
                var before = Now;
                while (Now < nanos)
                {
                    Thread.SpinWait(20);
                }

                spun += Now - before;
            }
            else
            {
                Rest(stop);
            }
        }
    }
}
