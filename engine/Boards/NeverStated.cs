using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>What no source says though a figure asks for it: why its cases are unobserved, all of them and for good. Pure.</summary>
public static class NeverStated
{
    /// <summary>The keys that a figure's numerator rests on and no source has ever stated, in the order of the contract.</summary>
    /// <param name="stated">The keys that any source has stated, a bit for each <see cref="CaseKey"/>; 0 before the first event, when nothing is said.</param>
    public static IReadOnlyList<string> Keys(FigureDefinition figure, uint stated)
    {
        var missing = stated == 0 ? 0 : (figure.Count ?? []).Aggregate(0U, static (keys, item) => keys | KeysOf(item)) & ~stated;
        return [.. Enumerable.Range(0, CaseKeys.Count).Where(key => (missing & (1u << key)) != 0).Select(key => CaseKeys.NameOf((CaseKey)key))];
    }

    /// <summary>The items of a figure's numerator that rest on such a key, by name.</summary>
    public static IReadOnlyList<string> Items(FigureDefinition figure, uint stated) =>
        stated == 0 ? [] : [.. (figure.Count ?? []).Where(item => (KeysOf(item) & ~stated) != 0).Select(item => item.Name)];

    private static uint KeysOf(RuleItem item) => item.AnyOf.Aggregate(0U, static (keys, literal) => keys | UnobservedConditions.KeysOf(literal.Condition));
}
