namespace KpiStream.Ingest.Host.Plans;

/// <summary>What <c>record</c> was asked to do, with everything loaded.</summary>
internal sealed record RecordPlan
{
    public required string Topic { get; init; }

    public required KafkaAccess Kafka { get; init; }

    /// <summary>How long to wait for a broker that does not answer, when recording to an end.</summary>
    public required TimeSpan GiveUpAfter { get; init; }

    /// <summary>The recording.</summary>
    public required string Output { get; init; }

    public required PseudonymKey PseudonymKey { get; init; }

    public required SourceProfiles Profiles { get; init; }

    /// <summary>True to stop at the topic's present end.</summary>
    public required bool UntilEnd { get; init; }

    /// <summary>Record what arrived up to this instant, milliseconds; null for no such end.</summary>
    public required long? UntilTime { get; init; }

    public required string? DeadLetters { get; init; }
}
