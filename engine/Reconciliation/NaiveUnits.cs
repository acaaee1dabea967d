using KpiStream.Engine.Time;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Reconciliation;

/// <summary>Spec section 6 read again from the directory's rows: successors, parents, and who is shown at zero.</summary>
internal sealed class NaiveUnits
{
    private readonly Dictionary<string, UnitRow> rows;
    private readonly HashSet<string> parents;

    public NaiveUnits(UnitDirectory directory)
    {
        rows = directory.Rows.ToDictionary(row => row.Code, StringComparer.Ordinal);
        parents = directory.Rows.Where(row => row.Parent is not null).Select(row => row.Parent!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Leaves without <c>valid_to</c>, and with <paramref name="rollup"/> the parents without <c>valid_to</c>.</summary>
    public IEnumerable<string> ShownAtZero(bool rollup) =>
        rows.Values.Where(row => row.ValidTo is null && (rollup || !parents.Contains(row.Code))).Select(row => row.Code);

    /// <summary>Where a contribution of a local day goes: to the successor when the unit is no more, along the whole chain.</summary>
    public string OnDay(string code, DateOnly day)
    {
        while (rows.TryGetValue(code, out var row) && row.ValidTo <= day && row.Successor is { } successor)
        {
            code = successor;
        }

        return code;
    }

    /// <inheritdoc cref="OnDay(string, DateOnly)"/>
    public string OnDay(string code, long millis) => OnDay(code, LocalTime.DateOf(LocalTime.DayOf(millis)));

    /// <summary>The units whose sums a contribution is part of: its own, and with <paramref name="rollup"/> all above.</summary>
    public IEnumerable<string> CountedUnder(string code, bool rollup)
    {
        yield return code;
        while (rollup && rows.TryGetValue(code, out var row) && row.Parent is { } parent)
        {
            yield return parent;
            code = parent;
        }
    }
}
