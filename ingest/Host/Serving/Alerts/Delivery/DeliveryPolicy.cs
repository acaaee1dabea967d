namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>How hard a receiver is tried. Pure decisions; <see cref="ChannelDelivery"/> carries them out.</summary>
internal sealed record DeliveryPolicy
{
    public static readonly DeliveryPolicy Default = new();

    /// <summary>The mean pause after the first failure; each further one is about twice as long, at random within its range.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A receiver that has been down for hours is found again within so long.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest pause that a receiver may ask for with <c>Retry-After</c>: by mistake it could ask for years.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a message waits when its address or credentials were refused: somebody has to see to the settings.</summary>
    public TimeSpan RefusedPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From one message to the next while a backlog is worked off, so that a receiver that has just come back is not flooded.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Failures in a row after which it is said that alerts do not arrive.</summary>
    public int SaidAfter { get; init; } = 3;

    /// <summary>Chooses pauses, 0–1; a test may put another in its place.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
