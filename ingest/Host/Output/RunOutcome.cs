namespace KpiStream.Ingest.Host.Output;

internal sealed record RunOutcome
{
    /// <summary>Records judged: applied + duplicates + rejected.</summary>
    public required long Events { get; init; }

    public required long Applied { get; init; }

    public required long Duplicates { get; init; }

    public required IReadOnlyList<(Verdict Verdict, long Count)> Rejected { get; init; }

    public required long Late { get; init; }

    /// <summary>Kafka records without a value; null for other sources.</summary>
    public long? Tombstones { get; init; }

    public required long Cases { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public required long Now { get; init; }

    public required Fingerprint Fingerprint { get; init; }
}
