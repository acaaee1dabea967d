using System.Numerics;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// A figure as masks over a case's two condition words. Its cases are counted by the exact set of items they miss, false or unknown: lane
/// <see cref="FirstLane"/> + set where an item is false or none is missing, so that set 0 is the numerator; behind them one lane for every set that is
/// missing only because it is unknown, the unobserved. All lanes together are the denominator. A volume has one lane.
/// </summary>
public sealed class CompiledFigure
{
    private readonly ulong required;
    private readonly ulong forbidden;
    private readonly (ulong Any, ulong AnyNot)[] groups;
    private readonly (ulong Any, ulong AnyNot)[] items;

    // The items that can be unknown, as a set: only they need lanes of the unobserved.
    private readonly int unsure;

    internal CompiledFigure(FigureDefinition definition, int number, int firstLane)
    {
        Definition = definition;
        Number = number;
        FirstLane = firstLane;
        required = Bit(Condition.KindCase + (int)definition.Kind) | (definition.Linked == LinkedCases.Only ? Bit(Condition.Linked) : 0);
        forbidden = definition.Linked == LinkedCases.Exclude ? Bit(Condition.Linked) : 0;
        var any = new List<(ulong, ulong)>();
        foreach (var item in definition.Of)
        {
            if (item.AnyOf is [var literal])
            {
                (literal.Negated ? ref forbidden : ref required) |= Bit(literal.Condition);
            }
            else
            {
                any.Add(MasksOf(item));
            }
        }

        groups = [.. any];
        items = [.. (definition.Count ?? []).Select(MasksOf)];
        for (var i = 0; i < items.Length; i++)
        {
            unsure |= ((items[i].Any | items[i].AnyNot) & UnobservedConditions.All) != 0 ? 1 << i : 0;
        }
    }

    public FigureDefinition Definition { get; }

    /// <summary>The figure's place in the rulebook.</summary>
    public int Number { get; }

    /// <summary>The lane of the set "nothing missing".</summary>
    public int FirstLane { get; }

    /// <summary>Lanes of exact sets, and behind them those of the unobserved.</summary>
    public int LaneCount => Sets + (1 << BitOperations.PopCount((uint)unsure)) - 1;

    /// <summary>Conditions without which no case is in the denominator.</summary>
    internal ulong Required => required;

    /// <summary>Every condition the figure looks at.</summary>
    internal ulong Looked => groups.Aggregate(required | forbidden | Counted, static (all, masks) => all | masks.Any | masks.AnyNot);

    /// <summary>The conditions of its items, which are read three-valued.</summary>
    internal ulong Counted => items.Aggregate(0UL, static (all, masks) => all | masks.Any | masks.AnyNot);

    private int Sets => 1 << items.Length;

    /// <summary>The lane a case belongs to; -1 when it is not in the denominator.</summary>
    /// <param name="conditions">From <see cref="CaseFacts.Conditions"/>.</param>
    /// <param name="unknown">From <see cref="CaseFacts.Unknown"/>.</param>
    public int LaneOf(ulong conditions, ulong unknown)
    {
        if ((conditions & required) != required || (conditions & forbidden) != 0)
        {
            return -1;
        }

        foreach (var (any, anyNot) in groups)
        {
            if (((conditions & any) | (~conditions & anyNot)) == 0)
            {
                return -1;
            }
        }

        var (missing, open) = (0, 0);
        for (var i = 0; i < items.Length; i++)
        {
            var (any, anyNot) = items[i];
            if ((((conditions & any) | (~conditions & anyNot)) & ~unknown) == 0)
            {
                missing |= 1 << i;
                open |= (unknown & (any | anyNot)) != 0 ? 1 << i : 0;
            }
        }

        return FirstLane + (missing == 0 || missing != open ? missing : Sets - 1 + Compress(missing));
    }

    /// <summary>What a case in a lane misses: the set of items, and whether it is unobserved, all of them being unknown and none false.</summary>
    /// <param name="lane">Counted from <see cref="FirstLane"/>.</param>
    public (int Missing, bool IsUnobserved) MissingOf(int lane) => lane < Sets ? (lane, false) : (Expand(lane - Sets + 1), true);

    /// <summary>The outcome of the cases in a lane.</summary>
    /// <param name="lane">Counted from <see cref="FirstLane"/>.</param>
    public Outcome OutcomeOf(int lane) => Definition.IsVolume || (lane > 0 && lane < Sets) ? Outcome.NotCounted : lane == 0 ? Outcome.Counted
        : Outcome.Unobserved;

    /// <summary>The figure's own of a unit's lanes.</summary>
    /// <param name="lanes">Those of all figures, or none.</param>
    public ReadOnlySpan<int> Of(ReadOnlySpan<int> lanes) => lanes.IsEmpty ? lanes : lanes.Slice(FirstLane, LaneCount);

    /// <summary>The figure's numbers from its own lanes.</summary>
    /// <param name="lanes"><see cref="LaneCount"/> counters, or none.</param>
    public FigureCount Sum(ReadOnlySpan<int> lanes)
    {
        if (lanes.IsEmpty)
        {
            return default;
        }

        var (denominator, unobserved) = (0L, 0L);
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            denominator += lanes[lane];
            unobserved += lane >= Sets ? lanes[lane] : 0;
        }

        return Definition.IsVolume ? new FigureCount(denominator, 0, 0) : new FigureCount(denominator, lanes[0], unobserved);
    }

    /// <summary>Keeps of a set the bits of the items that can be unknown, side by side.</summary>
    private int Compress(int set)
    {
        var (packed, place) = (0, 0);
        for (var left = unsure; left != 0; left &= left - 1)
        {
            packed |= ((set >> BitOperations.TrailingZeroCount(left)) & 1) << place++;
        }

        return packed;
    }

    /// <summary>Undoes <see cref="Compress"/>.</summary>
    private int Expand(int packed)
    {
        var set = 0;
        for (var left = unsure; left != 0; left &= left - 1)
        {
            set |= (packed & 1) << BitOperations.TrailingZeroCount(left);
            packed >>= 1;
        }

        return set;
    }

    private static ulong Bit(Condition condition) => 1UL << (int)condition;

    private static (ulong Any, ulong AnyNot) MasksOf(RuleItem item) => (
        item.AnyOf.Where(literal => !literal.Negated).Aggregate(0UL, (bits, literal) => bits | Bit(literal.Condition)),
        item.AnyOf.Where(literal => literal.Negated).Aggregate(0UL, (bits, literal) => bits | Bit(literal.Condition)));
}
