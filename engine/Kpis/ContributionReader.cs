using System.Runtime.CompilerServices;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>From a case's facts to its contributions.</summary>
public sealed class ContributionReader(CompiledRulebook rules, UnitSuccessors successors)
{
    /// <summary>True when a case has the instant that places its contribution to a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlaced(int group, in CaseFacts facts) => facts.TimeOf(CompiledRulebook.TimeOf(group)) != 0;

    /// <summary>True when two states of a case surely contribute to a group at the same place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAtOnePlace(int group, in CaseFacts one, in CaseFacts other)
    {
        var (unit, time) = (CompiledRulebook.UnitOf(group), CompiledRulebook.TimeOf(group));
        return one.TimeOf(time) == other.TimeOf(time) && one.UnitOf(unit) == other.UnitOf(unit);
    }

    /// <summary>Where the contribution of a case that <see cref="IsPlaced"/> counts.</summary>
    public Place PlaceOf(int group, in CaseFacts facts)
    {
        var instant = facts.TimeOf(CompiledRulebook.TimeOf(group));
        return new Place(successors.Resolve(facts.UnitOf(CompiledRulebook.UnitOf(group)), LocalTime.DayOf(instant)), LocalTime.SecondOf(instant));
    }

    /// <summary>The case's contribution to a group; false when it lacks the instant that would place it.</summary>
    public bool TryRead(int group, in CaseFacts facts, out Contribution contribution)
    {
        if (!IsPlaced(group, in facts))
        {
            contribution = default;
            return false;
        }

        var place = PlaceOf(group, in facts);
        contribution = new Contribution(group, place.Unit, place.Second, rules.Relevant(group, facts.Conditions), rules.RelevantUnknown(group, facts.Unknown));
        return true;
    }
}
