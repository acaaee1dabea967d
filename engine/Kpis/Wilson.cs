namespace KpiStream.Engine.Kpis;

/// <summary>
/// The Wilson score interval of a ratio at 95 % (E. B. Wilson 1927, compared with others in Newcombe 1998, method 3):
/// where the true ratio may lie, given the few cases that were seen. Unlike the textbook interval it stays within 0–1 and is
/// honest for few cases.
/// </summary>
public static class Wilson
{
    /// <summary>The standard normal quantile for 95 %, both sides.</summary>
    public const double Z = 1.959964;

    /// <summary>The interval of <paramref name="numerator"/> out of <paramref name="denominator"/>; 0–1 when there are no cases.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The numerator is negative or above the denominator.</exception>
    public static (double Lower, double Upper) Interval(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numerator, denominator);
        if (denominator == 0)
        {
            return (0, 1);
        }

        const double square = Z * Z;
        var count = (double)denominator;
        var ratio = numerator / count;
        var centre = ratio + (square / (2 * count));
        var half = Z * Math.Sqrt((ratio * (1 - ratio) / count) + (square / (4 * count * count)));
        var scale = 1 + (square / count);

        // At the ends the bound is exact by algebra, and must be so in doubles: all of all cases is not below 100 %.
        var lower = numerator == 0 ? 0 : (centre - half) / scale;
        var upper = numerator == denominator ? 1 : (centre + half) / scale;
        return (lower, upper);
    }
}
