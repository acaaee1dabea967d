namespace KpiStream.Engine.Units;

/// <summary>One row of a unit directory.</summary>
/// <param name="Code">The unit's code; a commune's is five digits, leading zeros kept.</param>
/// <param name="Name">Its Vietnamese name.</param>
/// <param name="Kind">phường, xã, tỉnh, …</param>
/// <param name="Parent">The code of the unit above; null for the top.</param>
/// <param name="ValidFrom">Informs only.</param>
/// <param name="ValidTo">The first local day on which the unit is no more; null while it is valid.</param>
/// <param name="Successor">Who takes over from <paramref name="ValidTo"/> on; null when nobody does.</param>
/// <param name="Aliases">Other codes and names. A code in no directory that is one of them is counted as this unit.</param>
public sealed record UnitRow(
    string Code, string Name, string Kind, string? Parent, DateOnly? ValidFrom, DateOnly? ValidTo, string? Successor, IReadOnlyList<string> Aliases)
{
    /// <summary>The kinds of a commune; rules about communes look at the kind, for departments stand beside them.</summary>
    private static readonly string[] CommuneKinds = ["xã", "phường", "đặc khu", "thị trấn"];

    /// <summary>The line of the file it was read from; 0 when it was read from none.</summary>
    public int Line { get; init; }

    private static readonly string[] ProvinceKinds = ["tỉnh", "thành phố"];

    /// <summary>The name with its kind, <c>phường Phố Hiến</c>, unless it begins with it, <c>Sở Y tế</c>.</summary>
    public string FullName => Name.StartsWith(Kind, StringComparison.OrdinalIgnoreCase) ? Name : $"{Kind} {Name}";

    public bool IsProvince => ProvinceKinds.Contains(Kind, StringComparer.Ordinal);

    public bool IsCommune => CommuneKinds.Contains(Kind, StringComparer.Ordinal);

    /// <summary>What sort of unit it is.</summary>
    public UnitKind Level => Kind.Length == 0 ? UnitKind.Unlisted
        : IsCommune ? UnitKind.Commune
        : IsProvince ? UnitKind.Province
        : Parent is null ? UnitKind.Nation
        : UnitKind.Department;

    /// <summary>The row of a code that is in no directory: it has no kind, and its name is the code.</summary>
    public static UnitRow Unlisted(string code, string? parent) => new(code, code, "", parent, null, null, null, []);
}
