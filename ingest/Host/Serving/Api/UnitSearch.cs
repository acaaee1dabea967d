using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Looks units up by code, name or alias, with or without accents.</summary>
internal static class UnitSearch
{
    /// <summary>
    /// All units still valid, or those whose code begins with the text or whose name or alias contains it. Accents are ignored, as people type
    /// without them; units that match with the accents typed come first.
    /// </summary>
    public static IEnumerable<UnitRow> Find(UnitDirectory directory, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return directory.Rows.Where(row => row.ValidTo is null);
        }

        var (code, exact, plain) = (text.Trim(), UnitNames.SearchKey(text), UnitNames.PlainKey(text));
        return directory.Rows
            .Where(row => row.Code.StartsWith(code, StringComparison.OrdinalIgnoreCase) || Names(row).Any(name => Holds(UnitNames.PlainKey(name), plain)))
            .OrderBy(row => Names(row).Any(name => Holds(UnitNames.SearchKey(name), exact)) ? 0 : 1);
    }

    private static IEnumerable<string> Names(UnitRow row) => row.Aliases.Prepend(row.Name);

    private static bool Holds(string name, string wanted) => name.Contains(wanted);
}
