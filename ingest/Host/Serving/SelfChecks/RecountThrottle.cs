namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>Keeps a flow to a share of a core: after some work it rests so long that the share comes out. Owned by the flow.</summary>
/// <param name="share">Above 0; 1 never rests.</param>
/// <param name="time">Measures the work.</param>
internal sealed class RecountThrottle(double share, TimeProvider time, CancellationToken stop)
{
    // Looking at the clock for every record would cost as much as passing over one.
    private const int RecordsPerGlance = 64;

    /// <summary>Short enough that nobody else waits noticeably for the core, long enough that resting costs nothing.</summary>
    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(5);

    private long began = time.GetTimestamp();
    private int records;

    /// <summary>A record was worked on.</summary>
    public void Step()
    {
        if (++records % RecordsPerGlance != 0 || time.GetElapsedTime(began) is var worked && worked < Stretch)
        {
            return;
        }

        if (share < 1)
        {
            stop.WaitHandle.WaitOne(worked * ((1 - share) / share));
        }

        began = time.GetTimestamp();
    }
}
