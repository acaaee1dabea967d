namespace KpiStream.Ingest.Kafka;

/// <summary>Says what is due. Owned by the consuming thread.</summary>
internal sealed class IntervalClock
{
    private readonly KafkaSourceOptions options;
    private readonly TimeProvider clock;
    private long heard;
    private long lag;
    private long state;
    private bool heardLately = true;

    public IntervalClock(KafkaSourceOptions options)
    {
        this.options = options;
        clock = options.Clock;
        heard = lag = state = clock.GetTimestamp();
    }

    /// <summary>Something came from the brokers. Called for every record, so the clock itself is read later.</summary>
    public void Heard() => heardLately = true;

    /// <summary>Nothing has been heard for this long.</summary>
    public bool QuietFor(TimeSpan time)
    {
        if (heardLately)
        {
            heardLately = false;
            heard = clock.GetTimestamp();
            return false;
        }

        return clock.GetElapsedTime(heard) >= time;
    }

    public bool LagIsDue() => IsDue(ref lag, options.LagInterval);

    public bool StateIsDue() => IsDue(ref state, options.ProbeInterval);

    private bool IsDue(ref long last, TimeSpan interval)
    {
        if (clock.GetElapsedTime(last) < interval)
        {
            return false;
        }

        last = clock.GetTimestamp();
        return true;
    }
}
