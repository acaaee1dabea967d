using KpiStream.Engine.Arrivals;

namespace KpiStream.Engine.Pipeline;

/// <summary>What an intake must know again after a restart, so that it continues counting as if there had been none.</summary>
public sealed record IntakeState
{
    public required long Accepted { get; init; }

    public required long Late { get; init; }

    /// <summary>As in <see cref="IntakeCounts"/>, as are the next three.</summary>
    public required long GreatestAt { get; init; }

    public required long Now { get; init; }

    public required long LatestArrival { get; init; }

    public required long LastOffset { get; init; }

    /// <summary>True when a record of a recording carried an arrival, so that now is when records arrived.</summary>
    public required bool HasArrivals { get; init; }

    /// <summary>Records of the source that were rejected, by reason.</summary>
    public required IReadOnlyList<(Verdict Verdict, long Count)> Rejected { get; init; }

    /// <summary>The newest <c>at</c> of each source, milliseconds, by its name.</summary>
    public required IReadOnlyList<(string Source, long At)> Newest { get; init; }

    /// <summary>What came from the source on the last days and was rejected or late.</summary>
    public IReadOnlyList<DayCount> Days { get; init; } = [];

    /// <summary>What was rejected before it reached the source.</summary>
    public PostedState Posted { get; init; } = PostedState.None;

    /// <summary>When events of each source arrived.</summary>
    public IReadOnlyList<SavedArrivals> Arrivals { get; init; } = [];

    /// <summary>Which partitions records came from.</summary>
    public IReadOnlyList<PartitionArrival> Partitions { get; init; } = [];
}

/// <summary>What an intake knows of records that were rejected before they reached its source, which does not have them.</summary>
/// <param name="Rejected">All of them by reason.</param>
/// <param name="Days">Those of the last days.</param>
public sealed record PostedState(IReadOnlyList<(Verdict Verdict, long Count)> Rejected, IReadOnlyList<DayCount> Days)
{
    public static PostedState None { get; } = new([], []);
}
