using KpiStream.Engine.Time;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>From a case's facts to its contributions (spec sections 4 and 6).</summary>
public sealed class ContributionReader(CompiledRulebook rules, UnitSuccessors successors)
{
    /// <summary>True when two states of a case surely contribute the same to a group; false when they have to be read to know.</summary>
    public bool AreAlike(int group, in CaseFacts one, in CaseFacts other)
    {
        var role = CompiledRulebook.TimeOf(group);
        return one.TimeOf(role) == other.TimeOf(role) && UnitOf(group, in one) == UnitOf(group, in other)
            && rules.Relevant(group, one.Conditions ^ other.Conditions) == 0;
    }

    /// <summary>The case's contribution to a group; false when it lacks the instant that would place it.</summary>
    public bool TryRead(int group, in CaseFacts facts, out Contribution contribution)
    {
        var instant = facts.TimeOf(CompiledRulebook.TimeOf(group));
        if (instant == 0)
        {
            contribution = default;
            return false;
        }

        contribution = new Contribution(
            group, successors.Resolve(UnitOf(group, in facts), LocalTime.DayOf(instant)), LocalTime.SecondOf(instant), rules.Relevant(group, facts.Conditions));
        return true;
    }

    private static int UnitOf(int group, in CaseFacts facts) => CompiledRulebook.UnitOf(group) == UnitRole.Handling ? facts.Handling : facts.Receiving;
}
