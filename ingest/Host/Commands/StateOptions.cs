using System.CommandLine;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options that say where checkpoints are kept and how they are gone on from.</summary>
internal sealed class StateOptions
{
    private const int DefaultSeconds = 30;

    public Option<string?> Folder { get; } = new("--state")
    {
        Description = "Folder of checkpoints: begin at the newest, leave new ones there. One process at a time.",
    };

    public Option<int> Every { get; } = NumberOption.Create("--checkpoint-every", "Seconds from one checkpoint to the next, 0 for one after another; one is also left at the end.", 0, 86_400, DefaultSeconds);

    public Option<bool> AcceptGap { get; } = new("--accept-gap")
    {
        Description = "Go on even though the source does not hold any more what comes next after the checkpoint.",
    };

    public IEnumerable<Option> All => [Folder, Every, AcceptGap];

    /// <summary>Null when no state is to be kept.</summary>
    public StatePlan? Resolve(ParseResult parsed) => parsed.GetValue(Folder) is { } folder ? Of(parsed, folder) : null;

    /// <summary>The plan for a folder.</summary>
    public StatePlan Of(ParseResult parsed, string folder) => new(folder, TimeSpan.FromSeconds(parsed.GetValue(Every)), parsed.GetValue(AcceptGap));
}

/// <summary>How checkpoints are kept.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Every">From the beginning of one to the next.</param>
/// <param name="AcceptGap">True to go on where the source goes on when what comes next is gone.</param>
internal sealed record StatePlan(string Folder, TimeSpan Every, bool AcceptGap);
