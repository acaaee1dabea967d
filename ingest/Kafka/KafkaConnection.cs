namespace KpiStream.Ingest.Kafka;

/// <summary>Which topic of which cluster, and how to get in.</summary>
/// <param name="Bootstrap">One or more <c>host:port</c>, separated by commas.</param>
/// <param name="Topic">The topic's name.</param>
public sealed record KafkaConnection(string Bootstrap, string Topic)
{
    /// <summary>
    /// Further properties of the native client by its own names (<c>security.protocol</c>, <c>sasl.username</c>, <c>ssl.ca.location</c> …).
    /// They go before our own defaults; those that exactness depends on are refused (<see cref="ClientProperties"/>).
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
