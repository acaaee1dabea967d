namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Looks units up by code, name or alias, with or without accents.</summary>
internal static class UnitSearch
{
    private const char EthUpper = '\u00D0', EthLower = '\u00F0';

    /// <summary>
    /// All units still valid, or those whose code begins with the text or whose name or alias contains it. Accents are ignored, as people type
    /// without them; units that match with the accents typed come first.
    /// </summary>
    public static IEnumerable<UnitRow> Find(UnitDirectory directory, string? text)
    {
        text = Readable(text ?? "");
        if (text.Length == 0)
        {
            return directory.Rows.Where(row => row.ValidTo is null);
        }

        var (code, exact, plain) = (text.Replace(" ", ""), UnitNames.SearchKey(text), UnitNames.PlainKey(text));
        return directory.Rows
            .Where(row => row.Code.StartsWith(code, StringComparison.OrdinalIgnoreCase) || Names(row).Any(name => Holds(UnitNames.PlainKey(name), plain)))
            .OrderBy(row => Names(row).Any(name => Holds(UnitNames.SearchKey(name), exact)) ? 0 : 1);
    }

    private static IEnumerable<string> Names(UnitRow row) => row.Aliases.Prepend(row.Name).Select(Readable);

    /// <summary>
    /// As a reader sees it: any run of spaces is one, characters without width are none, and the Icelandic letter that looks like Đ and is often typed for it
    /// is that. For search only: profiles compare names as the specification says.
    /// </summary>
    private static string Readable(string name)
    {
        var seen = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsWhiteSpace(character))
            {
                seen.Append(seen.Length > 0 && seen[^1] != ' ' ? " " : "");
            }
            else if (char.GetUnicodeCategory(character) != UnicodeCategory.Format)
            {
                seen.Append(character switch { EthUpper => 'Đ', EthLower => 'đ', _ => character });
            }
        }

        return seen.ToString().TrimEnd(' ');
    }

    private static bool Holds(string name, string wanted) => name.Contains(wanted);
}
