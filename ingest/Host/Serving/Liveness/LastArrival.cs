namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>
/// When a record last arrived. While the past is read that is what the records say of their arrival, at most now; later it is the moment at which they came
/// here. Silence is measured by a clock that nobody sets. Written by the source's flow, read by anyone.
/// </summary>
internal sealed class LastArrival(TimeProvider time)
{
    private readonly long begun = time.GetTimestamp();
    private readonly Lock changing = new();
    private bool hasNew;
    private long newest = DecodeLimits.UnknownArrival;
    private (long At, long Stamp)? last;

    /// <summary>
    /// The wall clock then, milliseconds since 1970 UTC, null before the first record; and how long before an instant that was, since the start when there
    /// was none.
    /// </summary>
    /// <param name="stamp">The instant by the clock that nobody sets.</param>
    public (long? At, TimeSpan Silence) Read(long stamp)
    {
        lock (changing)
        {
            return (last?.At, time.GetElapsedTime(Math.Min(stamp, last?.Stamp ?? begun), stamp));
        }
    }

    /// <summary>A record came; to be followed by <see cref="Settle"/>, once for many.</summary>
    /// <param name="arrival">Milliseconds since 1970 UTC, or <see cref="DecodeLimits.UnknownArrival"/>.</param>
    public void Add(long arrival)
    {
        hasNew = true;
        newest = Math.Max(newest, arrival);
    }

    /// <summary>Takes what came into account.</summary>
    /// <param name="isLive">False while the past is read.</param>
    public void Settle(bool isLive)
    {
        if (hasNew)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            Reach(isLive || newest == DecodeLimits.UnknownArrival ? now : Math.Min(newest, now), now);
            (hasNew, newest) = (false, DecodeLimits.UnknownArrival);
        }
    }

    /// <summary>Takes over what an earlier run knew.</summary>
    /// <param name="arrival">As in <see cref="Add"/>.</param>
    public void Restore(long arrival)
    {
        if (arrival > 0)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            Reach(Math.Min(arrival, now), now);
        }
    }

    private void Reach(long at, long now)
    {
        var stamp = time.GetTimestamp() - (long)((now - at) / 1_000.0 * time.TimestampFrequency);
        lock (changing)
        {
            last = last is { } known && known.Stamp > stamp ? known : (at, stamp);
        }
    }
}
