namespace KpiStream.Ingest.Host.Plans;

/// <summary>What <c>replay</c> and <c>recount</c> were asked to do, with everything loaded.</summary>
internal sealed record CountPlan
{
    public required IReadOnlyList<string> Sources { get; init; }

    public required KafkaAccess Kafka { get; init; }

    /// <summary>How long to wait for a broker that does not answer.</summary>
    public required TimeSpan GiveUpAfter { get; init; }

    public required UnitDirectory Units { get; init; }

    public required Rulebook Rulebook { get; init; }

    /// <summary>The procedures offered; empty where none is named.</summary>
    public required ProcedureCatalogue Catalogue { get; init; }

    public required PseudonymKey PseudonymKey { get; init; }

    /// <summary>How payloads of sources are read that do not send the native form.</summary>
    public required SourceProfiles Profiles { get; init; }

    /// <summary>Each once.</summary>
    public required IReadOnlyList<Period> Periods { get; init; }

    /// <summary>Now in milliseconds; null to let the source say.</summary>
    public required long? AsOf { get; init; }

    public required bool RollUp { get; init; }

    /// <summary>Where the CSV goes; <c>-</c> is standard output.</summary>
    public required string? Export { get; init; }

    public required string? Report { get; init; }

    public required bool Json { get; init; }
}
