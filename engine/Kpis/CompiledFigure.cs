namespace KpiStream.Engine.Kpis;

/// <summary>
/// A figure as masks over a condition word. Its cases are counted by the exact set of items they miss: lane
/// <see cref="FirstLane"/> + set, set 0 being the numerator and all sets together the denominator. A volume has one lane.
/// </summary>
public sealed class CompiledFigure
{
    private readonly ulong required;
    private readonly ulong forbidden;
    private readonly (ulong Any, ulong AnyNot)[] groups;
    private readonly (ulong Any, ulong AnyNot)[] items;

    internal CompiledFigure(FigureDefinition definition, int number, int firstLane)
    {
        Definition = definition;
        Number = number;
        FirstLane = firstLane;
        required = Bit(Condition.KindCase + (int)definition.Kind);
        forbidden = Bit(Condition.Linked);
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
    }

    public FigureDefinition Definition { get; }

    /// <summary>The figure's place in the rulebook.</summary>
    public int Number { get; }

    /// <summary>The lane of the set "nothing missing".</summary>
    public int FirstLane { get; }

    /// <summary>One lane for every set of missing items.</summary>
    public int LaneCount => 1 << items.Length;

    /// <summary>Every condition the figure looks at.</summary>
    internal ulong Looked => groups.Concat(items).Aggregate(required | forbidden, (all, masks) => all | masks.Any | masks.AnyNot);

    /// <summary>The lane a case belongs to; -1 when it is not in the denominator.</summary>
    public int LaneOf(ulong conditions)
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

        var missing = 0;
        for (var i = 0; i < items.Length; i++)
        {
            var (any, anyNot) = items[i];
            missing |= ((conditions & any) | (~conditions & anyNot)) == 0 ? 1 << i : 0;
        }

        return FirstLane + missing;
    }

    private static ulong Bit(Condition condition) => 1UL << (int)condition;

    private static (ulong Any, ulong AnyNot) MasksOf(RuleItem item) => (
        item.AnyOf.Where(literal => !literal.Negated).Aggregate(0UL, (bits, literal) => bits | Bit(literal.Condition)),
        item.AnyOf.Where(literal => literal.Negated).Aggregate(0UL, (bits, literal) => bits | Bit(literal.Condition)));
}
