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
    private readonly LaneCache lanes;
    private readonly CodeTable units;
    private readonly ulong[] figureHashes;
    private readonly int[] groups;
    private readonly int[] figureOfLane;
    private readonly bool[] isNumerator;
    private ulong[] unitHashes = new ulong[256];
    private Fingerprint fingerprint;

    public CaseLedger(CompiledRulebook rules, CodeTable units, UnitSuccessors successors, IEnumerable<Period> sliding)
    {
        groups = [.. rules.Groups];
        this.units = units;
        contributions = new ContributionReader(rules, successors);
        lanes = new LaneCache(rules);
        Figures = new ContributionLedger(rules, sliding);
        figureHashes = [.. rules.Figures.Select(figure => Fingerprint.CodeHash(figure.Definition.Id))];
        figureOfLane = [.. Enumerable.Range(0, rules.LaneCount).Select(lane => rules.FigureOfLane(lane).Number)];
        isNumerator = [.. Enumerable.Range(0, rules.LaneCount).Select(lane => IsNumerator(rules.FigureOfLane(lane), lane))];
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
            var had = contributions.TryRead(group, in before, out var old);
            var has = contributions.TryRead(group, in after, out var fresh);
            if (had == has && old == fresh)
            {
                continue;
            }

            if (had)
            {
                Count(id, in old, -1);
            }

            if (has)
            {
                Count(id, in fresh, 1);
            }
        }
    }

    /// <summary>Moves now forward for figures and gauges alike.</summary>
    public void AdvanceTo(long nowMillis)
    {
        Figures.AdvanceTo(LocalTime.SecondOf(nowMillis));
        Gauges.AdvanceTo(nowMillis);
    }

    private void Count(CaseId id, in Contribution contribution, int count)
    {
        Figures.Add(in contribution, count);
        var place = Fingerprint.Place(id, HashOf(contribution.Unit), contribution.Second);
        foreach (var lane in lanes.Of(contribution.Group, contribution.Conditions))
        {
            if (count > 0)
            {
                fingerprint.Add(place, figureHashes[figureOfLane[lane]], isNumerator[lane]);
            }
            else
            {
                fingerprint.Remove(place, figureHashes[figureOfLane[lane]], isNumerator[lane]);
            }
        }
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

    private static bool IsNumerator(CompiledFigure figure, int lane) => !figure.Definition.IsVolume && lane == figure.FirstLane;
}
