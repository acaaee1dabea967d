namespace KpiStream.Ingest.Host.Plans;

/// <summary>How to get at Kafka.</summary>
/// <param name="Bootstrap">Null when not given.</param>
/// <param name="Properties">Client properties passed through.</param>
/// <param name="Drain">Null when not given.</param>
/// <param name="OpenTransactionWait">Null when not given.</param>
internal sealed record KafkaAccess(
    string? Bootstrap, IReadOnlyDictionary<string, string> Properties, KafkaDrain? Drain = null, TimeSpan? OpenTransactionWait = null);
