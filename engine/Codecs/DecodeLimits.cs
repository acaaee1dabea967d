namespace KpiStream.Engine.Codecs;

/// <summary>The settings under which records are judged.</summary>
public sealed record DecodeLimits
{
    /// <summary>The arrival time of records that carry none.</summary>
    public const long UnknownArrival = long.MinValue;

    /// <summary>
    /// What a record's timestamp says of its arrival. Kafka's −1 means unknown, and producers write anything: outside of the instants that events may carry
    /// (2000 to 2099) it says nothing, and the record is read as one without.
    /// </summary>
    /// <param name="timestamp">Milliseconds since 1970 UTC, or any other number.</param>
    public static long ArrivalOf(long timestamp) => InstantText.IsInRange(timestamp) ? timestamp : UnknownArrival;

    /// <summary>True for an event recorded so long after it arrived that no clock's error explains it; never when the arrival is not known.</summary>
    internal bool IsFromTheFuture(long at, long arrival) => InstantText.IsInRange(arrival) && at - FutureTolerance > arrival;

    /// <summary>The deepest nesting read; the event itself is depth 1.</summary>
    public const int MaxDepth = 64;

    // Before the default limits, which ask for it.
    private static readonly bool FastPathByDefault = !AppContext.TryGetSwitch("KpiStream.FastPath", out var isOn) || isOn;

    public static readonly DecodeLimits Default = new();

    /// <summary>The longest record in bytes, line feed not counted.</summary>
    public int MaxRecordBytes { get; init; } = 65_536;

    /// <summary>How far <c>at</c> may lie after the record's arrival, in milliseconds.</summary>
    public long FutureTolerance { get; init; } = 10 * 60_000;

    /// <summary>
    /// Native records without surprises are read by the fast path. Off, every record is read by the judge: slower, with the same verdicts and events.
    /// </summary>
    /// <remarks>On, unless the runtime's switch KpiStream.FastPath says otherwise, by which all tests can be run without it (tests/run --without
    /// fast-path).</remarks>
    public bool FastPath { get; init; } = FastPathByDefault;

    /// <summary>The sources that may speak; empty means all.</summary>
    public IReadOnlyList<string> KnownSources { get; init; } = [];
}
