using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>From counts to what is shown.</summary>
public static class FigureJudge
{
    /// <summary>Judges a figure.</summary>
    /// <param name="period">The period counted; a count target only speaks of the time since the rollout.</param>
    /// <param name="count">Cases counted.</param>
    /// <param name="applied">The target for the period's last day, or today if that is earlier, lapsed or not; null for none.</param>
    /// <param name="hasData">False when the source is missing.</param>
    public static FigureCell Judge(FigureDefinition figure, Period period, FigureCount count, AppliedTarget? applied, bool hasData)
    {
        if (figure.IsVolume)
        {
            var state = hasData ? StateOfVolume(period, count, applied) : FigureState.NoData;
            return new FigureCell(count.Denominator, null, state) { Lapsed = applied?.Lapsed };
        }

        if (count.Denominator == 0)
        {
            return new FigureCell(0, 0, FigureState.NoData) { Lapsed = applied?.Lapsed };
        }

        return new FigureCell(count.Denominator, count.Numerator, hasData ? StateOf(figure, count, applied) : FigureState.NoData)
        {
            U = count.Unobserved > 0 ? count.Unobserved : null,
            Lapsed = applied?.Lapsed,
        };
    }

    private static FigureState StateOfVolume(Period period, FigureCount count, AppliedTarget? applied) =>
        applied is not { Target: { Comparison: TargetComparison.NotBelow } target } || period.Kind != PeriodKind.Since ? FigureState.None
        : count.Denominator < target.Value ? FigureState.Breach
        : FigureState.Ok;

    private static FigureState StateOf(FigureDefinition figure, FigureCount count, AppliedTarget? applied)
    {
        if (count.Denominator < figure.TooFew)
        {
            return FigureState.TooFew;
        }

        if (applied is not { Target: { Comparison: TargetComparison.AtLeast } target })
        {
            return FigureState.None;
        }

        // Compared as counts: 70 of 100 meets 70 %, because the decimal nearest to 0.7 is 0.7.
        var needed = (decimal)target.Value * count.Denominator;
        return count.Numerator + count.Unobserved < needed ? FigureState.Breach
            : count.Numerator >= needed ? FigureState.Ok
            : FigureState.NotObserved;
    }
}
