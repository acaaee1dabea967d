namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// The identifiers that case codes begin with, by province code of the 2025 directory: those of the pre-merger province whose name
/// was kept (QĐ 20/2020/QĐ-TTg). Which one a merged province really uses does not matter to figures: case codes are opaque.
/// </summary>
internal static class ProvinceCodes
{
    private const string Table =
        "01 H26,04 H14,08 H60,11 H18,12 H35,14 H52,15 H38,19 H55,20 H37,22 H49,24 H05,25 H44,31 H24,33 H31,37 H42,38 H56,40 H41,42 H27,"
        + "44 H50,46 H57,48 H17,51 H48,52 H21,56 H32,66 H15,68 H36,75 H19,79 H29,80 H53,82 H20,86 H61,91 H01,92 H13,96 H12";

    private static readonly Dictionary<string, string> Identifiers =
        Table.Split(',').Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static readonly Dictionary<string, string> Sources = new() { ["33"] = "hy", ["14"] = "sl" };

    public static string IdentifierOf(string province) => Identifiers.GetValueOrDefault(province, "G22");

    /// <summary>What the province's case system calls itself in <c>source</c>.</summary>
    public static string SourceOf(string province) => Sources.GetValueOrDefault(province, "p" + province);
}
