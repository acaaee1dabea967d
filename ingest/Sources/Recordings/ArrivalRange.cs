namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>From the least to the greatest of some arrivals, milliseconds since 1970 UTC; <see cref="None"/> when none of them is known.</summary>
public readonly record struct ArrivalRange(long Least, long Greatest)
{
    public static readonly ArrivalRange None = new(DecodeLimits.UnknownArrival, DecodeLimits.UnknownArrival);

    public bool IsNone => Greatest == DecodeLimits.UnknownArrival;

    /// <summary>The range that also holds an arrival; an unknown one changes nothing.</summary>
    public ArrivalRange With(long arrival) => With(new ArrivalRange(arrival, arrival));

    /// <summary>The range that also holds another.</summary>
    public ArrivalRange With(ArrivalRange other) =>
        IsNone ? other : other.IsNone ? this : new ArrivalRange(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));
}
