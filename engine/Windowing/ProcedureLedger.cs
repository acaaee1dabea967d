using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Counts, for <see cref="ProcedureFigures.PaidNationally"/>, the cases of each procedure in each province by day and window. It is a ledger of contributions
/// like that of the figures, whose units are pairs of a province and a procedure, so corrections, future instants and windows are exact in the same way. Owned
/// by one shard; a restart rebuilds it from the cases.
/// </summary>
public sealed class ProcedureLedger
{
    private const ulong FeeDue = 1UL << (int)Condition.FeeDue;

    private readonly CompiledRulebook rules;
    private readonly CompiledFigure figure;
    private readonly int group;
    private readonly LaneSets sets;
    private readonly ContributionLedger counts;
    private readonly CodeTable units;
    private readonly UnitDirectory directory;
    private readonly UnitSuccessors successors;
    private readonly Dictionary<(int Province, int Procedure), int> numbers = [];
    private readonly List<(int Province, int Procedure)> pairs = [];
    private int[] provinces = new int[256];

    public ProcedureLedger(Rulebook rulebook, CodeTable units, UnitDirectory directory, UnitSuccessors successors, IEnumerable<Period> sliding)
    {
        rules = new CompiledRulebook(rulebook with { Figures = [ProcedureFigures.PaidNationally] });
        (figure, group) = (rules.Figures[0], CompiledRulebook.GroupOf(rules.Figures[0].Definition));
        sets = new LaneSets(rules);
        counts = new ContributionLedger(sets, rules.LaneCount, sliding);
        (this.units, this.directory, this.successors) = (units, directory, successors);
    }

    /// <summary>Contributions that windows still have to pass.</summary>
    public long Held => counts.Held;

    /// <summary>Their memory, bytes.</summary>
    public long Bytes => counts.Bytes;

    /// <summary>Moves now forward, whole seconds; an earlier one changes nothing.</summary>
    public void AdvanceTo(long nowSecond) => counts.AdvanceTo(nowSecond);

    /// <summary>Moves a case from what it was to what it is.</summary>
    public void Move(in CaseFacts before, in CaseFacts after)
    {
        // Nearly all changes are of cases without a fee.
        if (((before.Conditions | after.Conditions) & FeeDue) != 0)
        {
            MoveWithFee(in before, in after);
        }
    }

    private void MoveWithFee(in CaseFacts before, in CaseFacts after)
    {
        var (from, to) = (SetOf(in before), SetOf(in after));
        var isAtOnePlace = before.AcceptedAt == after.AcceptedAt && before.Handling == after.Handling && before.Procedure == after.Procedure;
        if (isAtOnePlace)
        {
            if (from != to)
            {
                Move(in after, from, to);
            }

            return;
        }

        if (from != LaneSets.None)
        {
            Move(in before, from, LaneSets.None);
        }

        if (to != LaneSets.None)
        {
            Move(in after, LaneSets.None, to);
        }
    }

    /// <summary>Copies what is held for a period; null for a sliding period that is not kept.</summary>
    /// <param name="period">Sliding or calendar.</param>
    /// <param name="anchor">A day in the stretch meant.</param>
    /// <param name="today">The local day of now.</param>
    public ProcedureSums? Sums(Period period, DateOnly anchor, DateOnly today)
    {
        if (LedgerSums.Of(counts, period, anchor, today) is not { } rows)
        {
            return null;
        }

        var sums = new ProcedureSums();
        foreach (var (number, lanes) in rows.Rows)
        {
            var (province, procedure) = pairs[number];
            sums.Add(province, procedure, figure.Sum(lanes.AsSpan(0, figure.LaneCount)));
        }

        return sums;
    }

    private int SetOf(in CaseFacts facts) => facts.AcceptedAt == 0 || facts.Procedure == 0
        ? LaneSets.None
        : sets.Of(group, rules.Relevant(group, facts.Conditions), rules.RelevantUnknown(group, facts.Unknown));

    private void Move(in CaseFacts facts, int from, int to)
    {
        var unit = successors.Resolve(facts.Handling, LocalTime.DayOf(facts.AcceptedAt));
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, (ProvinceOf(unit), facts.Procedure), out var isKnown);
        if (!isKnown)
        {
            number = pairs.Count;
            pairs.Add((ProvinceOf(unit), facts.Procedure));
        }

        counts.Move(new Place(number, LocalTime.SecondOf(facts.AcceptedAt)), sets.Between(from, to));
    }

    /// <summary>The province a unit belongs to, else the top of what it belongs to; ids of unit codes.</summary>
    private int ProvinceOf(int unit)
    {
        ref var province = ref ById.At(ref provinces, unit);
        return province != 0 ? province : province = units.Intern(directory.ProvinceOf(units.Text(unit)));
    }
}
