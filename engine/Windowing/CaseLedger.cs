using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Time;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Everything the cases of one shard count in: figures by day and window, gauges, and the fingerprint. A change of a case retracts what it
/// counted before and applies what it counts now; nothing is ever a bare increment. Owned by one shard.
/// </summary>
public sealed class CaseLedger
{
    private readonly ContributionReader contributions;
    private readonly LaneSets sets;
    private readonly CodeTable units;
    private readonly int[] groups;
    private ulong[] unitHashes = new ulong[256];
    private Fingerprint fingerprint;

    public CaseLedger(CompiledRulebook rules, CodeTable units, UnitSuccessors successors, IEnumerable<Period> sliding)
    {
        groups = [.. rules.Groups];
        this.units = units;
        contributions = new ContributionReader(rules, successors);
        sets = new LaneSets(rules);
        Figures = new ContributionLedger(sets, rules.LaneCount, sliding);
    }

    public ContributionLedger Figures { get; }

    public GaugeLedger Gauges { get; } = new();

    /// <summary>The multiset hash of all contributions counted, those held for the future included.</summary>
    public Fingerprint Fingerprint => fingerprint;

    /// <summary>Contributions and deadlines that windows and gauges still have to pass.</summary>
    public long Held => Figures.Held + Gauges.Held;

    /// <summary>The memory of contributions and deadlines that windows and gauges still have to pass, bytes.</summary>
    public long Bytes => Figures.Bytes + Gauges.Bytes;

    /// <summary>Moves a case from what it was to what it is.</summary>
    public void Move(CaseId id, in CaseFacts before, in CaseFacts after)
    {
        if (before == after)
        {
            return;
        }

        Gauges.Move(in before, in after);
        foreach (var group in groups)
        {
            if (!contributions.AreAlike(group, in before, in after))
            {
                Move(id, group, in before, in after);
            }
        }
    }

    /// <summary>Moves now forward for figures and gauges alike.</summary>
    public void AdvanceTo(long nowMillis)
    {
        Figures.AdvanceTo(LocalTime.SecondOf(nowMillis));
        Gauges.AdvanceTo(nowMillis);
    }

    private void Move(CaseId id, int group, in CaseFacts before, in CaseFacts after)
    {
        var from = Read(group, in before, out var left);
        var to = Read(group, in after, out var reached);
        if (from == LaneSets.None || left == reached)
        {
            Move(id, in reached, from, to);
        }
        else
        {
            Move(id, in left, from, LaneSets.None);
            Move(id, in reached, LaneSets.None, to);
        }
    }

    private void Move(CaseId id, in Place place, int from, int to)
    {
        if (from == to)
        {
            return;
        }

        Figures.Move(in place, from, to);
        fingerprint.Add(Fingerprint.Place(id, HashOf(place.Unit), place.Second), sets.Between(from, to).Weight);
    }

    /// <summary>What a case counts as in a group, and where.</summary>
    private int Read(int group, in CaseFacts facts, out Place place)
    {
        if (contributions.TryRead(group, in facts, out var contribution))
        {
            place = new Place(contribution.Unit, contribution.Second);
            return sets.Of(group, contribution.Conditions);
        }

        place = default;
        return LaneSets.None;
    }

    private ulong HashOf(int unit)
    {
        if (unit >= unitHashes.Length)
        {
            Array.Resize(ref unitHashes, Math.Max(unit + 1, unitHashes.Length * 2));
        }

        ref var hash = ref unitHashes[unit];
        if (hash == 0)
        {
            hash = Fingerprint.CodeHash(units.Bytes(unit));
        }

        return hash;
    }
}
