using System.Numerics;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Everything the cases of one shard count in: figures by day and window, gauges, and the fingerprint. A change of a case retracts what it
/// counted before and applies what it counts now; nothing is ever a bare increment. Owned by one shard.
/// </summary>
public sealed class CaseLedger
{
    private readonly CompiledRulebook rules;
    private readonly ContributionReader contributions;
    private readonly LaneSets sets;
    private readonly CodeTable units;
    private ulong[] unitHashes = new ulong[256];
    private Fingerprint fingerprint;

    public CaseLedger(CompiledRulebook rules, CodeTable units, UnitDirectory directory, UnitSuccessors successors, IReadOnlyList<Period> sliding)
    {
        this.rules = rules;
        this.units = units;
        contributions = new ContributionReader(rules, successors);
        sets = new LaneSets(rules);
        Figures = new ContributionLedger(sets, rules.LaneCount, sliding);
        Procedures = new ProcedureLedger(rules.Rulebook, units, directory, successors, sliding);
    }

    public ContributionLedger Figures { get; }

    public GaugeLedger Gauges { get; } = new();

    public ProcedureLedger Procedures { get; }

    /// <summary>The multiset hash of all contributions counted, those held for the future included.</summary>
    public Fingerprint Fingerprint => fingerprint;

    /// <summary>Contributions and deadlines that windows and gauges still have to pass.</summary>
    public long Held => Figures.Held + Gauges.Held + Procedures.Held;

    /// <summary>The memory of contributions and deadlines that windows and gauges still have to pass, bytes.</summary>
    public long Bytes => Figures.Bytes + Gauges.Bytes + Procedures.Bytes;

    /// <summary>Moves a case from what it was to what it is.</summary>
    public void Move(CaseId id, in CaseFacts before, in CaseFacts after)
    {
        if (before == after)
        {
            return;
        }

        Gauges.Move(in before, in after);
        Procedures.Move(in before, in after);
        for (var touched = rules.Touched(in before, in after); touched != 0; touched &= touched - 1)
        {
            Move(id, BitOperations.TrailingZeroCount(touched), in before, in after);
        }
    }

    /// <summary>Now, milliseconds since 1970 UTC; far in the past before it was first moved.</summary>
    public long Now { get; private set; } = long.MinValue / 2;

    /// <summary>Moves now forward for figures and gauges alike; an earlier instant changes nothing.</summary>
    public void AdvanceTo(long nowMillis)
    {
        Now = Math.Max(Now, nowMillis);
        Figures.AdvanceTo(LocalTime.SecondOf(nowMillis));
        Gauges.AdvanceTo(nowMillis);
        Procedures.AdvanceTo(LocalTime.SecondOf(nowMillis));
    }

    /// <summary>
    /// Without further events no figure and no gauge changes before this instant, milliseconds since 1970 UTC; the greatest number where none ever will.
    /// </summary>
    public long NextChange() =>
        Math.Min(Figures.NextChange(), Gauges.NextChange()) is < long.MaxValue and var second ? second * LocalTime.MillisPerSecond : long.MaxValue;

    private void Move(CaseId id, int group, in CaseFacts before, in CaseFacts after)
    {
        var (from, to) = (SetOf(group, in before), SetOf(group, in after));
        if (ContributionReader.AreAtOnePlace(group, in before, in after))
        {
            if (from != to)
            {
                Move(id, contributions.PlaceOf(group, in after), from, to);
            }

            return;
        }

        if (from != LaneSets.None)
        {
            Move(id, contributions.PlaceOf(group, in before), from, LaneSets.None);
        }

        if (to != LaneSets.None)
        {
            Move(id, contributions.PlaceOf(group, in after), LaneSets.None, to);
        }
    }

    private void Move(CaseId id, in Place place, int from, int to)
    {
        var step = sets.Between(from, to);
        Figures.Move(in place, step);
        fingerprint.Add(Fingerprint.Place(id, HashOf(place.Unit), place.Second), step.Weight);
    }

    /// <summary>What a case counts as in a group.</summary>
    private int SetOf(int group, in CaseFacts facts) =>
        ContributionReader.IsPlaced(group, in facts) ? sets.Of(group, rules.Relevant(group, facts.Conditions), rules.RelevantUnknown(group, facts.Unknown))
            : LaneSets.None;

    private ulong HashOf(int unit)
    {
        ref var hash = ref ById.At(ref unitHashes, unit);
        if (hash == 0)
        {
            hash = Fingerprint.CodeHash(units.Bytes(unit));
        }

        return hash;
    }
}
