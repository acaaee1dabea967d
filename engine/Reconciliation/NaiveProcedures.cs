using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Reconciliation;

/// <summary>
/// <c>procedures_paid_nationally</c> counted from its text: of the distinct procedures with a case accepted in the period whose fee is due,
/// those with such a case paid on the national platform. Kind case and not linked, as in every figure that does not say otherwise.
/// </summary>
internal sealed class NaiveProcedures(Period period, long nowMillis, string unit)
{
    private readonly NaivePeriod cases = new(period, nowMillis);

    /// <summary>Looks at one case.</summary>
    /// <param name="procedure">Its procedure's code; null for none.</param>
    /// <param name="acceptedAt">Null when it was never accepted.</param>
    /// <param name="conditions">What holds for it.</param>
    /// <param name="countedUnder">The handling unit on that day, and all above it.</param>
    public void Add(string? procedure, long? acceptedAt, NaiveConditions conditions, IEnumerable<string> countedUnder)
    {
        var counts = conditions.Holds(Condition.KindCase) && !conditions.Holds(Condition.Linked) && conditions.Holds(Condition.FeeDue);
        if (!counts || procedure is null || acceptedAt is not { } accepted || LocalTime.SecondOf(accepted) > LocalTime.SecondOf(nowMillis)
            || !countedUnder.Contains(unit))
        {
            return;
        }

        var outcome = conditions.JudgeAll([new RuleItem("paid_national", [new Literal(Condition.PaidNational, false)])]) switch
        {
            true => Outcome.Counted,
            false => Outcome.NotCounted,
            null => Outcome.Unobserved,
        };

        // A procedure's cases are counted like a figure of that name.
        cases.Add(new NaiveContribution(default, procedure, unit, LocalTime.SecondOf(accepted), outcome, new HashSet<string>()), unit);
    }

    /// <summary>The procedures of the stretch that now lies in.</summary>
    public FigureCount Count()
    {
        var today = LocalTime.DateOf(LocalTime.DayOf(nowMillis)).ToString("yyyy-MM-dd");
        var isCalendar = period.Kind is PeriodKind.Day or PeriodKind.Month or PeriodKind.Quarter or PeriodKind.Year;
        var rows = cases.Rows(static _ => false)
            .Where(row => !isCalendar || (string.CompareOrdinal(row.From, today) <= 0 && string.CompareOrdinal(today, row.To) <= 0)).ToList();
        return new FigureCount(rows.Count, rows.Count(static row => row.Numerator > 0), rows.Count(static row => row is { Numerator: 0, Unobserved: > 0 }));
    }
}
