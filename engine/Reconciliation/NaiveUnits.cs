using KpiStream.Engine.Units;

namespace KpiStream.Engine.Reconciliation;

/// <summary>The units read again from the directory's rows: aliases, successors, parents, and who is shown at zero.</summary>
internal sealed class NaiveUnits
{
    private readonly Dictionary<string, UnitRow> rows;
    private readonly HashSet<string> parents;
    private readonly Dictionary<string, string> owners = [];
    private readonly string? province;

    public NaiveUnits(UnitDirectory directory)
    {
        rows = directory.Rows.ToDictionary(row => row.Code);
        parents = directory.Rows.Where(row => row.Parent is not null).Select(row => row.Parent!).ToHashSet();
        foreach (var row in directory.Rows)
        {
            foreach (var alias in row.Aliases)
            {
                owners[NaiveSpelling.Of(alias)] = row.Code;
            }
        }

        var tops = directory.Rows.Where(row => row.ValidTo is null && row.Parent is null).ToList();
        var below = directory.Rows.Where(row => row.ValidTo is null && tops.Count == 1 && row.Parent == tops[0].Code).ToList();
        province = tops.Count != 1 ? null : below.Count == 1 ? below[0].Code : tops[0].Code;
    }

    /// <summary>Leaves without <c>valid_to</c>, and with <paramref name="rollup"/> the parents without <c>valid_to</c>.</summary>
    public IEnumerable<string> ShownAtZero(bool rollup) =>
        rows.Values.Where(row => row.ValidTo is null && (rollup || !parents.Contains(row.Code))).Select(row => row.Code);

    /// <summary>
    /// Where a contribution of a local day goes: a code that is not listed to the unit that carries it as an alias, and from there to the successor
    /// when the unit is no more, along the whole chain.
    /// </summary>
    public string OnDay(string code, DateOnly day)
    {
        code = ByAlias(code);
        while (rows.TryGetValue(code, out var row) && row.ValidTo <= day && row.Successor is { } successor)
        {
            code = ByAlias(successor);
        }

        return code;
    }

    /// <inheritdoc cref="OnDay(string, DateOnly)"/>
    public string OnDay(string code, long millis) => OnDay(code, LocalTime.DateOf(LocalTime.DayOf(millis)));

    /// <summary>True for a listed commune: departments and parents are none.</summary>
    public bool IsCommune(string code) => rows.TryGetValue(code, out var row) && row.Kind is "xã" or "phường" or "đặc khu" or "thị trấn";

    /// <summary>The units whose sums a contribution is part of: its own, and with <paramref name="rollup"/> all above.</summary>
    public IEnumerable<string> CountedUnder(string code, bool rollup)
    {
        yield return code;
        var next = rollup ? Parent(code) : null;
        while (next is not null)
        {
            yield return next;
            next = Parent(next);
        }
    }

    /// <summary>The unit above; for a code of no directory the one province, or the nation.</summary>
    private string? Parent(string code) => rows.TryGetValue(code, out var row) ? row.Parent : province;

    private string ByAlias(string code) => rows.ContainsKey(code) ? code : owners.GetValueOrDefault(NaiveSpelling.Of(code), code);
}
