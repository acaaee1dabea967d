namespace KpiStream.Ingest.Sources.Loads;

/// <summary>
/// When the events of a run are due, from the run's start. Immutable and pure: the same stream under the same pace is due at the same moments.
/// </summary>
public abstract record LoadPace
{
    /// <summary>Everything is due at once.</summary>
    public static readonly LoadPace Max = new FullPace();

    /// <summary>What it is called in reports.</summary>
    public abstract string Text { get; }

    /// <summary>True when events have a due moment of their own, so that a latency from it means something.</summary>
    public virtual bool IsOpenLoop => true;

    /// <summary>When an event is due, nanoseconds after the start; null when the run ends before it.</summary>
    /// <param name="index">How many events stand before it.</param>
    /// <param name="elapsedMillis">Recorded time since the first event.</param>
    public abstract long? DueNanos(long index, long elapsedMillis);

    private sealed record FullPace : LoadPace
    {
        public override string Text => "max";

        public override bool IsOpenLoop => false;

        public override long? DueNanos(long index, long elapsedMillis) => 0;
    }
}

/// <summary>The recorded pace, or a multiple of it.</summary>
/// <param name="Factor">How much faster, greater than 0.</param>
public sealed record RecordedPace(double Factor) : LoadPace
{
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"{Factor:0.###}x");

    public override long? DueNanos(long index, long elapsedMillis) => (long)(elapsedMillis * 1_000_000.0 / Factor);
}

/// <summary>A stretch of a run in which the rate goes from one value to another in a straight line.</summary>
/// <param name="From">Events per second at its beginning.</param>
/// <param name="To">Events per second at its end.</param>
/// <param name="Length">How long it lasts; <see cref="TimeSpan.MaxValue"/> for as long as there are events, which only the last may, at an even rate.</param>
public sealed record RateSegment(double From, double To, TimeSpan Length)
{
    /// <summary>How many events fall into it.</summary>
    internal double Events => Length == TimeSpan.MaxValue ? double.PositiveInfinity : (From + To) / 2 * Length.TotalSeconds;

    /// <summary>After how many seconds of it the n-th of its events is due: the inverse of from·t + (to − from)·t²/(2·length).</summary>
    internal double SecondsTo(double events)
    {
        var bend = Length == TimeSpan.MaxValue ? 0 : (To - From) / (2 * Length.TotalSeconds);

        // The root in the form that loses nothing where the bend is small.
        return events <= 0 ? 0 : 2 * events / (From + Math.Sqrt((From * From) + (4 * bend * events)));
    }
}

/// <summary>Rates by time, whatever the recorded pace was: fixed, ramp, steps, spike and soak are all made of segments.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Segments">In order; the run ends where the last ends.</param>
public sealed record RatePace(string Name, IReadOnlyList<RateSegment> Segments) : LoadPace
{
    public override string Text => Name;

    /// <summary>The same rate for as long as there are events.</summary>
    public static RatePace Fixed(double rate) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{rate:0.###}/s"), [new RateSegment(rate, rate, TimeSpan.MaxValue)]);

    public override long? DueNanos(long index, long elapsedMillis)
    {
        var (left, start) = ((double)index, 0.0);
        foreach (var segment in Segments)
        {
            if (left < segment.Events)
            {
                return (long)((start + segment.SecondsTo(left)) * 1e9);
            }

            left -= segment.Events;
            start += segment.Length.TotalSeconds;
        }

        return null;
    }

    public bool Equals(RatePace? other) => other is not null && Name == other.Name && Segments.SequenceEqual(other.Segments);

    public override int GetHashCode() => HashCode.Combine(Name, Segments.Count);
}
