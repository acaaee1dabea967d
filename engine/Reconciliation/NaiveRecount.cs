using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Reconciliation;

/// <summary>
/// The independent second opinion: the figures by dictionaries and loops over sorted events.
/// It shares the decoder's output and the rulebook's definitions with the engine and none of its folds, tables or windows,
/// so that a mistake in one of the two shows as a difference. Keeps every event it is given (about 130 bytes each) and
/// works each case out once per question; for batches, never for the live path. Belongs to one thread; a restart counts anew.
/// </summary>
public sealed class NaiveRecount(CodeBook codes, Rulebook rulebook, UnitDirectory units)
{
    private readonly Dictionary<CaseId, List<CaseEvent>> cases = [];
    private readonly NaiveUnits units = new(units);

    /// <summary>The greatest <c>at</c> of the events added, milliseconds since 1970 UTC; null before the first.</summary>
    public long? GreatestAt { get; private set; }

    public int Cases => cases.Count;

    /// <summary>Every contribution of every case, those after now included, in no particular order.</summary>
    public IEnumerable<NaiveContribution> Contributions => cases.SelectMany(one => ContributionsOf(one.Key, new NaiveFacts(one.Value, codes)));

    /// <summary>Takes an accepted event.</summary>
    public void Add(in CaseEvent added)
    {
        ref var events = ref CollectionsMarshal.GetValueRefOrAddDefault(cases, added.Case, out _);
        (events ??= []).Add(added);
        GreatestAt = Math.Max(GreatestAt ?? long.MinValue, added.Stamp.At);
    }

    /// <summary>The rows of <c>--export</c>, unsorted; none of a figure that is not exported.</summary>
    /// <param name="periods">The periods asked for; gauges come with <see cref="PeriodKind.Now"/>.</param>
    /// <param name="nowMillis">Now, milliseconds since 1970 UTC; contributions after its second are left out.</param>
    /// <param name="rollup">Whether parents are shown with the sums of all below them.</param>
    public IReadOnlyList<FigureRow> Rows(IReadOnlyList<Period> periods, long nowMillis, bool rollup)
    {
        var counted = periods.Where(period => period.Kind != PeriodKind.Now).Select(period => new NaivePeriod(period, nowMillis)).ToList();
        var gauges = new NaiveGauges(nowMillis);
        var exported = rulebook.Figures.Where(figure => figure.IsExported).Select(figure => figure.Id).ToHashSet();
        foreach (var (id, events) in cases)
        {
            var facts = new NaiveFacts(events, codes);
            var handling = units.OnDay(facts.UnitOf(UnitRole.Handling, codes), nowMillis);
            gauges.Add(facts, new NaiveConditions(facts, rulebook, codes, units), units.CountedUnder(handling, rollup));
            foreach (var contribution in ContributionsOf(id, facts)
                .Where(one => exported.Contains(one.Figure) && one.Second <= LocalTime.SecondOf(nowMillis)))
            {
                Count(contribution, counted, rollup);
            }
        }

        ShowZeros(counted, gauges, rollup);
        var volumes = rulebook.Figures.Where(figure => figure.IsVolume).Select(figure => figure.Id).ToHashSet();
        var now = periods.Where(period => period.Kind == PeriodKind.Now);
        return [.. counted.SelectMany(period => period.Rows(volumes.Contains)), .. now.SelectMany(period => gauges.Rows(period.Name))];
    }

    /// <summary><c>procedures_paid_nationally</c> of a unit over the stretch of a period that now lies in.</summary>
    public FigureCount ProceduresPaidNationally(Period period, long nowMillis, string unit)
    {
        var procedures = new NaiveProcedures(period, nowMillis, unit);
        foreach (var events in cases.Values)
        {
            var facts = new NaiveFacts(events, codes);
            var procedure = facts.Number(CaseKey.Procedure) is { } id ? codes.Procedures.Text((int)id) : null;
            var handling = facts.AcceptedAt is { } accepted
                ? units.CountedUnder(units.OnDay(facts.UnitOf(UnitRole.Handling, codes), accepted), rollup: true) : [];
            procedures.Add(procedure, facts.AcceptedAt, new NaiveConditions(facts, rulebook, codes, units), handling);
        }

        return procedures.Count();
    }

    private void Count(NaiveContribution contribution, List<NaivePeriod> counted, bool rollup)
    {
        foreach (var unit in units.CountedUnder(contribution.Unit, rollup))
        {
            foreach (var period in counted)
            {
                period.Add(contribution, unit);
            }
        }
    }

    private void ShowZeros(List<NaivePeriod> counted, NaiveGauges gauges, bool rollup)
    {
        foreach (var unit in units.ShownAtZero(rollup))
        {
            gauges.Show(unit);
            foreach (var figure in rulebook.Figures.Where(one => one.IsExported))
            {
                counted.Where(period => period.ShowsZero).ToList().ForEach(period => period.Show(figure.Id, unit));
            }
        }
    }

    private IEnumerable<NaiveContribution> ContributionsOf(CaseId id, NaiveFacts facts)
    {
        var conditions = new NaiveConditions(facts, rulebook, codes, units);
        foreach (var figure in rulebook.Figures)
        {
            if (TimeOf(facts, figure.Time) is not { } instant || !IsOf(figure, conditions))
            {
                continue;
            }

            var count = figure.Count ?? [];
            var outcome = figure.IsVolume ? Outcome.NotCounted : conditions.JudgeAll(count) switch
            {
                true => Outcome.Counted,
                false => Outcome.NotCounted,
                null => Outcome.Unobserved,
            };
            var missing = count.Where(item => conditions.Judge(item) != true).Select(item => item.Name).ToHashSet();
            var unit = units.OnDay(facts.UnitOf(figure.Unit, codes), instant);
            yield return new NaiveContribution(id, figure.Id, unit, LocalTime.SecondOf(instant), outcome, missing);
        }
    }

    /// <summary>Every figure wants its kind, and says what becomes of linked cases.</summary>
    private static bool IsOf(FigureDefinition figure, NaiveConditions conditions)
    {
        var kind = figure.Kind switch
        {
            CaseKind.Feedback => Condition.KindFeedback,
            CaseKind.Publication => Condition.KindPublication,
            _ => Condition.KindCase,
        };
        var isLinked = conditions.Holds(Condition.Linked);
        var suits = figure.Linked switch { LinkedCases.Include => true, LinkedCases.Only => isLinked, _ => !isLinked };
        return suits && conditions.Holds(kind) && figure.Of.All(conditions.Meets);
    }

    private static long? TimeOf(NaiveFacts facts, TimeRole time) => time switch
    {
        TimeRole.Filed => facts.FiledAt,
        TimeRole.Accepted => facts.AcceptedAt,
        TimeRole.Due => facts.Number(CaseKey.Due),
        TimeRole.Ended => facts.EndedAt,
        _ => throw new ArgumentOutOfRangeException(nameof(time), time, "The recount does not know this time."),
    };
}
