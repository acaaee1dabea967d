namespace KpiStream.Engine.Kpis;

/// <summary>What becomes of a case in a figure's denominator.</summary>
public enum Outcome
{
    /// <summary>An item is false, or the figure is a volume.</summary>
    NotCounted,

    /// <summary>Every item is true: it is in the numerator.</summary>
    Counted,

    /// <summary>No item is false and some are unknown.</summary>
    Unobserved,
}

/// <summary>A figure's numbers.</summary>
/// <param name="Denominator">Cases counted.</param>
/// <param name="Numerator">Of them, those with every item true; 0 for a volume.</param>
/// <param name="Unobserved">Of them, those with no item false and some unknown; 0 for a volume.</param>
public readonly record struct FigureCount(long Denominator, long Numerator, long Unobserved)
{
    public static FigureCount operator +(FigureCount left, FigureCount right) =>
        new(left.Denominator + right.Denominator, left.Numerator + right.Numerator, left.Unobserved + right.Unobserved);
}
