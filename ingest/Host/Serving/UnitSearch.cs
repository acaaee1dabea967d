using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>Looks units up by code, name or alias.</summary>
internal static class UnitSearch
{
    /// <summary>All units still valid, or those whose code begins with the text or whose name or alias contains it.</summary>
    public static IEnumerable<UnitRow> Find(UnitDirectory directory, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return directory.Rows.Where(row => row.ValidTo is null);
        }

        var wanted = UnitNames.SearchKey(text);
        return directory.Rows.Where(row =>
            row.Code.StartsWith(text.Trim(), StringComparison.Ordinal)
            || row.Aliases.Prepend(row.Name).Any(name => UnitNames.SearchKey(name).Contains(wanted, StringComparison.Ordinal)));
    }
}
