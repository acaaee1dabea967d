namespace KpiStream.Ingest.Sources.Loads;

/// <summary>
/// The units of a copied province: each unit of the first province becomes the one at the same place of another, and a code of no directory gets the copy's
/// number. Owned by one flow.
/// </summary>
public sealed class UnitRenaming
{
    private readonly IReadOnlyList<IReadOnlyList<string>> provinces;
    private readonly Dictionary<string, int> places;

    private UnitRenaming(IReadOnlyList<IReadOnlyList<string>> provinces)
    {
        this.provinces = provinces;
        places = provinces[0].Index().ToDictionary(unit => unit.Item, unit => unit.Index);
    }

    /// <summary>How many provinces there are to copy into, the first included.</summary>
    public int Provinces => provinces.Count;

    /// <summary>Copies of a province into the others of a directory, in the directory's order.</summary>
    /// <param name="first">The province that is copied; null for the directory's first.</param>
    public static UnitRenaming Of(UnitDirectory directory, string? first)
    {
        var valid = directory.Rows.Where(row => row.ValidTo is null).ToLookup(row => directory.ProvinceOf(row.Code), row => row.Code);
        var codes = directory.Rows.Where(row => row is { IsProvince: true, ValidTo: null }).Select(row => row.Code).OrderBy(code => code != first).ToList();
        return new UnitRenaming(codes.Count == 0 ? [[.. directory.Rows.Select(row => row.Code)]] : [.. codes.Select(code => valid[code].ToList())]);
    }

    /// <summary>A unit's code in a copy.</summary>
    /// <param name="copy">0 for the original.</param>
    public string Of(string code, int copy)
    {
        if (copy == 0 || code.Length == 0)
        {
            return code;
        }

        var units = provinces[copy % provinces.Count];
        return places.TryGetValue(code, out var place) ? units[place % units.Count] : $"{code}~{copy}";
    }
}
