using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Reconciliation;

/// <summary>The gauges: how many cases of a unit are in which state at one instant.</summary>
internal sealed class NaiveGauges(long nowMillis)
{
    private static readonly string[] Names = ["open", "paused", "waiting", "overdue", "due_soon"];

    private readonly Dictionary<(string Gauge, string Unit), long> counts = [];

    /// <summary>Counts a case under every unit given, if it is of the kind and unlinked.</summary>
    public void Add(NaiveFacts facts, NaiveConditions conditions, IEnumerable<string> units)
    {
        if (!conditions.Holds(Condition.KindCase) || conditions.Holds(Condition.Linked))
        {
            return;
        }

        var gauges = Names.Where(gauge => Reads(gauge, facts, conditions)).ToList();
        foreach (var unit in units)
        {
            gauges.ForEach(gauge => counts[(gauge, unit)] = counts.GetValueOrDefault((gauge, unit)) + 1);
        }
    }

    /// <summary>Makes sure that every gauge has a row for the unit.</summary>
    public void Show(string unit)
    {
        foreach (var gauge in Names)
        {
            counts.TryAdd((gauge, unit), 0);
        }
    }

    /// <param name="period">The period's name as typed.</param>
    public IEnumerable<FigureRow> Rows(string period) =>
        counts.Select(count => new FigureRow(count.Key.Gauge, count.Key.Unit, period, "", InstantText.ToLocalSeconds(nowMillis), count.Value, null, null));

    private bool Reads(string gauge, NaiveFacts facts, NaiveConditions conditions)
    {
        var due = facts.Number(CaseKey.Due);
        return gauge switch
        {
            "open" => conditions.Holds(Condition.Open),
            "paused" => conditions.Holds(Condition.Paused),
            "waiting" => conditions.Holds(Condition.Waiting),
            "overdue" => conditions.Holds(Condition.Open) && due < nowMillis,
            _ => conditions.Holds(Condition.Open) && nowMillis <= due && due < nowMillis + LocalTime.MillisPerDay,
        };
    }
}
