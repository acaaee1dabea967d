using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>From counts to what is shown: value, interval and state (spec section 7).</summary>
public static class FigureJudge
{
    /// <summary>Judges a figure.</summary>
    /// <param name="figure">Its definition.</param>
    /// <param name="period">The period counted; a count target only speaks of the time since the rollout.</param>
    /// <param name="denominator">Cases counted.</param>
    /// <param name="numerator">Cases that achieved it.</param>
    /// <param name="target">The target in force on the period's last day, or today if that is earlier; null for none.</param>
    /// <param name="hasData">False when the source is missing.</param>
    public static FigureCell Judge(FigureDefinition figure, Period period, long denominator, long numerator, Target? target, bool hasData)
    {
        if (figure.IsVolume)
        {
            var isLow = target is { Comparison: TargetComparison.NotBelow } && period.Kind == PeriodKind.Since && denominator < target.Value;
            return new FigureCell(denominator, null, null, null, null, !hasData ? FigureState.NoData : isLow ? FigureState.Breach : FigureState.Ok);
        }

        if (denominator == 0)
        {
            return new FigureCell(0, 0, null, null, null, FigureState.NoData);
        }

        var ratio = (double)numerator / denominator;
        var (low, high) = Wilson.Interval(numerator, denominator);
        return new FigureCell(denominator, numerator, ratio, low, high, StateOf(figure, denominator, numerator, target, hasData));
    }

    private static FigureState StateOf(FigureDefinition figure, long denominator, long numerator, Target? target, bool hasData)
    {
        if (!hasData)
        {
            return FigureState.NoData;
        }

        if (denominator < figure.TooFew)
        {
            return FigureState.TooFew;
        }

        // Compared as counts: 70 of 100 meets 70 %, because the decimal nearest to 0.7 is 0.7.
        var isMissed = target is { Comparison: TargetComparison.AtLeast } && numerator < (decimal)target.Value * denominator;
        return isMissed ? FigureState.Breach : FigureState.Ok;
    }
}
