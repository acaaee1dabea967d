namespace KpiStream.Ingest.Host.Plans;

/// <summary>How a replay is run, beside what it counts.</summary>
/// <param name="Shards">Threads that fold.</param>
/// <param name="Decoders">Threads that decode; 0 for the one that reads.</param>
/// <param name="Speed">A multiple of the recorded pace; null for as fast as possible.</param>
/// <param name="DeadLetters">A file for rejected records; null for none.</param>
/// <param name="State">Where checkpoints are kept; null for nowhere.</param>
internal sealed record ReplayOptions(int Shards, int Decoders, double? Speed, string? DeadLetters, StatePlan? State)
{
    /// <summary>The settings records are read under.</summary>
    public DecodeLimits Limits { get; init; } = DecodeLimits.Default;
}
