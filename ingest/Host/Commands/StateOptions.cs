namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options that say where checkpoints are kept and how they are gone on from.</summary>
internal sealed class StateOptions
{
    public Option<string?> Folder { get; } = new("--state")
    {
        Description = "Folder of checkpoints: start from the newest and write new ones there. One process at a time.",
    };

    public Option<Duration> Every { get; } = DurationOption.Create(
        "--checkpoint-every", "How long from one checkpoint to the next, like 30s or 5m; 0 writes one after another. One is also left at the end.",
        TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromSeconds(30), takesSeconds: true);

    public Option<bool> AcceptGap { get; } = new("--accept-gap")
    {
        Description = "Continue although the source no longer holds what follows the checkpoint; what is missing is not counted.",
    };

    public IEnumerable<Option> All => [Folder, Every, AcceptGap];

    /// <summary>Null when no state is to be kept.</summary>
    public StatePlan? Resolve(ParseResult parsed) => parsed.GetValue(Folder) is { } folder ? Of(parsed, folder) : null;

    /// <summary>The plan for a folder.</summary>
    public StatePlan Of(ParseResult parsed, string folder) => new(folder, parsed.GetValue(Every).Time, parsed.GetValue(AcceptGap));
}
