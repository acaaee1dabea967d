using System.Runtime.InteropServices;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// Numbers the sets of lanes that contributions count in, so that what a contribution counts as is one small number: two pairs of condition words that
/// count the same have the same one. The bound is the number of different sets and of ways between them that cases take, some hundreds under the shipped
/// rulebook. Owned by one shard.
/// </summary>
public sealed class LaneSets
{
    /// <summary>The set of no lanes.</summary>
    public const int None = 0;

    // Real streams show a few hundred words and ways between them. Direct-mapped, so a collision only costs an evaluation. They begin small: most engines
    // of a test, and the second set of every shard, never meet more.
    private const int LeastBits = 7, MostBits = 12;

    // A table has room for sixteen times what was met: what collides is evaluated again each time.
    private const int Sparse = 16;

    private readonly CompiledRulebook rules;
    private readonly UInt128[] weightOfLane;
    private (ulong Conditions, ulong Unknown, int Set)[] recent = new (ulong, ulong, int)[1 << LeastBits];
    private LaneStep?[] steps = new LaneStep?[1 << LeastBits];
    private int recentShift = 64 - LeastBits;
    private int stepShift = 64 - LeastBits;
    private int words;
    private readonly Dictionary<ulong, LaneStep> known = [];
    private readonly Dictionary<string, int> numbers = new() { [""] = None };
    private readonly List<(ushort[] Lanes, LaneStep Step)> sets = [([], new LaneStep(None, [], None, [], 0))];

    public LaneSets(CompiledRulebook rules)
    {
        this.rules = rules;
        weightOfLane = [.. Enumerable.Range(0, rules.LaneCount).Select(lane => WeightOf(rules.FigureOfLane(lane), lane))];
    }

    /// <summary>The lanes of a set, ascending, one at most of every figure.</summary>
    public ReadOnlySpan<ushort> this[int set] => sets[set].Lanes;

    /// <summary>The set in which a group's figures count a case's two condition words.</summary>
    public int Of(int group, ulong conditions, ulong unknown)
    {
        // Words have 57 conditions; the group takes three bits above them, and one more tells a used entry from an empty one.
        var tagged = unknown | ((ulong)group << Conditions.Count) | (1UL << 63);
        ref var entry = ref recent[(((conditions * 0xD1B5_4A32_D192_ED03) + tagged) * 0x9E37_79B9_7F4A_7C15) >> recentShift];
        return entry.Conditions == conditions && entry.Unknown == tagged ? entry.Set : Meet(ref entry, group, conditions, unknown, tagged);
    }

    /// <summary>The way from one set to another.</summary>
    public LaneStep Between(int before, int after)
    {
        var pair = ((ulong)(uint)before << 32) | (uint)after;
        ref var met = ref steps[(pair * 0x9E37_79B9_7F4A_7C15) >> stepShift];
        if (met is null || met.Before != before || met.After != after)
        {
            met = Find(pair, before, after);
        }

        return met;
    }

    /// <summary>The way from nothing to a set, which is what pages hold.</summary>
    public LaneStep To(int set) => sets[set].Step;

    private int Meet(ref (ulong Conditions, ulong Unknown, int Set) entry, int group, ulong conditions, ulong unknown, ulong tagged)
    {
        var set = Find(group, conditions, unknown);
        if (entry.Unknown == 0 && ++words > recent.Length / Sparse && recentShift > 64 - MostBits)
        {
            // What was met is met again soon; the entry is of the table before.
            (recentShift, words) = (recentShift - 1, 0);
            recent = new (ulong, ulong, int)[recent.Length * 2];
            return set;
        }

        entry = (conditions, tagged, set);
        return set;
    }

    private LaneStep Find(ulong pair, int before, int after)
    {
        if (known.Count > steps.Length / Sparse && stepShift > 64 - MostBits)
        {
            (stepShift, steps) = (stepShift - 1, new LaneStep?[steps.Length * 2]);
        }

        ref var step = ref CollectionsMarshal.GetValueRefOrAddDefault(known, pair, out _);
        return step ??= new LaneStep(before, sets[before].Lanes, after, sets[after].Lanes, sets[after].Step.Weight - sets[before].Step.Weight);
    }

    private int Find(int group, ulong conditions, ulong unknown)
    {
        Span<ushort> room = stackalloc ushort[rules.Figures.Count];
        var lanes = room[..rules.LanesOf(group, conditions, unknown, room)];

        // A text is the library's ready-made value of sixteen-bit numbers.
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(
            numbers.GetAlternateLookup<ReadOnlySpan<char>>(), MemoryMarshal.Cast<ushort, char>(lanes), out var isKnown);
        if (!isKnown)
        {
            number = sets.Count;
            var added = lanes.ToArray();
            sets.Add((added, new LaneStep(None, [], number, added, Sum(lanes))));
        }

        return number;
    }

    private UInt128 Sum(ReadOnlySpan<ushort> lanes)
    {
        UInt128 sum = 0;
        foreach (var lane in lanes)
        {
            sum += weightOfLane[lane];
        }

        return sum;
    }

    private static UInt128 WeightOf(CompiledFigure figure, int lane) =>
        Fingerprint.Weight(Fingerprint.CodeHash(figure.Definition.Id), figure.OutcomeOf(lane - figure.FirstLane));
}
