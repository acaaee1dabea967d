using System.Text.Json.Serialization;

namespace KpiStream.Engine.Boards;

/// <summary>
/// What is different in a newer frame. A member that is null has not changed, nor has a unit or a cell that is missing; written without its nulls.
/// Laid over the older frame it gives the newer one.
/// </summary>
public sealed record BoardDelta
{
    public required long Id { get; init; }

    public string Kind { get; } = "delta";

    public required string Now { get; init; }

    public string? DataTime { get; init; }

    public bool? Stale { get; init; }

    public bool? CaughtUp { get; init; }

    public string? Phase { get; init; }

    public string? SourceState { get; init; }

    public string? PeriodLabel { get; init; }

    public IReadOnlyList<BoardFigure>? Figures { get; init; }

    /// <summary>Whole, when what they are has changed.</summary>
    public IReadOnlyList<BoardProcedureFigure>? ProcedureFigures { get; init; }

    /// <summary>Of the figures that count procedures the cells that changed, by figure.</summary>
    public IReadOnlyDictionary<string, FigureCell>? ProcedureCells { get; init; }

    /// <summary>The cells that changed.</summary>
    public IReadOnlyDictionary<string, FigureCell>? Headline { get; init; }

    /// <summary>The periods with cells that changed, and of each those cells.</summary>
    public IReadOnlyList<BoardSpan>? Spans { get; init; }

    public IReadOnlyDictionary<string, long>? Gauges { get; init; }

    /// <summary>The units that changed or are new.</summary>
    public IReadOnlyList<BoardUnitDelta>? Units { get; init; }

    public int? FoldedCodes { get; init; }

    public BoardLowVolumeDelta? LowVolume { get; init; }

    /// <summary>Keys are rule, unit, state and since.</summary>
    public BoardListDelta<BoardAlert>? Alerts { get; init; }

    public BoardAlertCounts? AlertCounts { get; init; }

    public BoardTrustDelta? Trust { get; init; }

    /// <summary>True when only the clock has moved.</summary>
    [JsonIgnore]
    public bool IsEmpty => this == new BoardDelta { Id = Id, Now = Now };
}

/// <summary>What is different in a unit's row.</summary>
/// <param name="Cells">The cells that changed.</param>
public sealed record BoardUnitDelta(
    string Code, string? Name, string? Kind, bool? Known, IReadOnlyDictionary<string, FigureCell>? Cells, long? Open, long? Overdue);

/// <summary>What is different in the low-volume list.</summary>
/// <param name="Units">Keys are codes; the fewest cases come first, then the lower code.</param>
public sealed record BoardLowVolumeDelta(
    long? FewerThan, string? Since, string? JudgedOn, bool? Judged, bool? Known, BoardListDelta<BoardLowVolumeUnit>? Units)
{
    public int? Count { get; init; }
}

/// <summary>What is different in the trust line; lists but the partitions' are given whole.</summary>
/// <param name="Partitions">Keys are names.</param>
public sealed record BoardTrustDelta(
    string? Rulebook, string? Directory, long? Events, long? RejectedToday, long? LateToday, long? Duplicates, long? Lag,
    BoardListDelta<BoardLag>? Partitions, IReadOnlyList<BoardReject>? RejectedReasons, BoardSelfCheck? SelfCheck, IReadOnlyList<string>? Notes,
    IReadOnlyList<BoardSource>? Sources)
{
    public BoardLatency? Latency { get; init; }

    public string? AlertRules { get; init; }

    public string? Calendar { get; init; }
}
