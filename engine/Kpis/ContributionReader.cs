using KpiStream.Engine.Time;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>From a case's facts to its contributions (spec sections 4 and 6).</summary>
public sealed class ContributionReader(CompiledRulebook rules, UnitSuccessors successors)
{
    /// <summary>The case's contribution to a group; false when it lacks the instant that would place it.</summary>
    public bool TryRead(int group, in CaseFacts facts, out Contribution contribution)
    {
        var instant = facts.TimeOf(CompiledRulebook.TimeOf(group));
        if (instant == 0)
        {
            contribution = default;
            return false;
        }

        var unit = CompiledRulebook.UnitOf(group) == UnitRole.Handling ? facts.Handling : facts.Receiving;
        contribution = new Contribution(
            group, successors.Resolve(unit, LocalTime.DayOf(instant)), LocalTime.SecondOf(instant), rules.Relevant(group, facts.Conditions));
        return true;
    }
}
