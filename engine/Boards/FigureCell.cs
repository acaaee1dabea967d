namespace KpiStream.Engine.Boards;

/// <summary>What a figure says of a unit, in order of precedence (spec section 7).</summary>
public enum FigureState
{
    /// <summary>The source is missing, or there is no case to take a ratio of: nothing can be said.</summary>
    NoData,

    /// <summary>Too few cases to judge the ratio.</summary>
    TooFew,

    /// <summary>The target in force is missed.</summary>
    Breach,

    /// <summary>The target is met, or there is none.</summary>
    Ok,
}

/// <summary>A figure of one unit over one period.</summary>
/// <param name="D">The denominator: cases counted.</param>
/// <param name="N">The numerator; null for a volume.</param>
/// <param name="V">The ratio, 0–1; null for a volume and when there is no case.</param>
/// <param name="Lo">Lower bound of the Wilson 95 % interval; null when there is no ratio.</param>
/// <param name="Hi">Its upper bound.</param>
/// <param name="S">The state.</param>
public readonly record struct FigureCell(long D, long? N, double? V, double? Lo, double? Hi, FigureState S);
