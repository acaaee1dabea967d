using System.Text.Json.Serialization;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>What a figure says of a unit, in order of precedence.</summary>
public enum FigureState
{
    /// <summary>The source is missing, or there is no case to take a ratio of: nothing can be said.</summary>
    NoData,

    /// <summary>Too few cases to judge the ratio.</summary>
    TooFew,

    /// <summary>The target is missed, even if every unobserved case counted.</summary>
    Breach,

    /// <summary>The target is met, even if no unobserved case counted.</summary>
    Ok,

    /// <summary>The target lies between the bounds: what was never observed decides.</summary>
    NotObserved,

    /// <summary>There is no target to judge by.</summary>
    None,
}

/// <summary>
/// A figure of one unit over one period: its counts, and what follows of them. Ratios are written to six decimals, see <see cref="ShortRatio"/>.
/// </summary>
/// <param name="D">The denominator: cases counted.</param>
/// <param name="N">The numerator; null for a volume.</param>
public readonly record struct FigureCell(long D, long? N, FigureState S)
{
    /// <summary>The ratio, 0–1, the lower bound of the true one; null for a volume and when there is no case.</summary>
    [JsonConverter(typeof(ShortRatio))]
    public double? V => D > 0 ? (double?)N / D : null;

    /// <summary>Lower bound of the Wilson 95 % interval; null when there is no ratio.</summary>
    [JsonConverter(typeof(ShortRatio))]
    public double? Lo => Interval?.Low;

    /// <summary>Its upper bound.</summary>
    [JsonConverter(typeof(ShortUpperRatio))]
    public double? Hi => Interval?.High;

    /// <summary>Cases that may belong to the numerator: no item fails and some facts were never stated. Null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? U { get; init; }

    /// <summary>The upper bound of the true ratio, with every unobserved case in the numerator; null when none is unobserved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(ShortUpperRatio))]
    public double? Most => D > 0 ? (double?)(N + U) / D : null;

    /// <summary>
    /// The items of the figure's count that are unknown in some unobserved case, as a set of bits in the order of <see cref="BoardFigure.Items"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? X { get; init; }

    /// <summary>The unit's own target, or that of a unit above; null where the figure's common target holds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? T { get; init; }

    /// <summary>The year in which the target judged by has lapsed; null when it is in force, or there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Lapsed { get; init; }

    /// <summary>
    /// True where the counts are too small to be published: they are then 0, as are those of a neighbour they could be computed from.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Hidden { get; init; }

    private (double Low, double High)? Interval => N is { } count && D > 0 ? Wilson.Interval(count, D) : null;
}
