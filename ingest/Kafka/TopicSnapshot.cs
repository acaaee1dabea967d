namespace KpiStream.Ingest.Kafka;

/// <summary>What the brokers say of a topic.</summary>
/// <param name="Error">Why nothing can be said, in one sentence with what to do; empty when something can.</param>
/// <param name="Partitions">Of each partition the first offset that still exists and the one that comes next.</param>
/// <param name="Settings">The topic's configuration; null when this user may not ask for it.</param>
public sealed record TopicSnapshot(string Error, IReadOnlyDictionary<int, (long Low, long High)> Partitions, IReadOnlyDictionary<string, string>? Settings)
{
    /// <summary>Brokers whose advertised names this machine cannot resolve, like <c>broker 1 at kafka-internal:9092</c>.</summary>
    public IReadOnlyList<string> UnresolvedBrokers { get; init; } = [];

    internal static TopicSnapshot Of(string error) => new(error, new Dictionary<int, (long, long)>(), null);
}
