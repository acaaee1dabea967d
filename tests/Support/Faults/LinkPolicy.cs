namespace KpiStream.Tests.Support.Faults;

/// <summary>What a link does to bytes on their way. The default does nothing.</summary>
public sealed record LinkPolicy
{
    /// <summary>How long every piece takes, one way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>At most so much longer, by chance and anew for every piece.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second and way; 0 for as many as come.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>The longest piece passed on at once: what was sent in one go arrives in many.</summary>
    public int SliceBytes { get; init; } = 64 * 1024;

    /// <summary>How long a piece is held.</summary>
    public TimeSpan HoldOf(int bytes, Random chance)
    {
        var narrow = BytesPerSecond > 0 ? TimeSpan.FromSeconds((double)bytes / BytesPerSecond) : TimeSpan.Zero;
        return Latency + (Jitter * chance.NextDouble()) + narrow;
    }
}
