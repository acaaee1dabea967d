namespace KpiStream.Ingest.Host.Serving.Tables;

/// <summary>What a column's cells are.</summary>
internal enum CellKind
{
    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>A <see cref="long"/>.</summary>
    Count,

    /// <summary>A <see cref="double"/>, 1 for 100 %.</summary>
    Percent,

    /// <summary>A <see cref="DateTime"/> at local midnight.</summary>
    Day,

    /// <summary>A local <see cref="DateTime"/>.</summary>
    Instant,
}

/// <summary>A column of a table for people.</summary>
/// <param name="Heading">In Vietnamese; different from all others of the table.</param>
/// <param name="Width">In characters.</param>
internal sealed record TableColumn(string Heading, CellKind Kind, int Width);

/// <summary>A table for people: as a sheet or as CSV, with names, ratios and Vietnamese headings.</summary>
/// <param name="Name">In Vietnamese; the sheet's name and, without accents, the file's.</param>
/// <param name="Rows">As long as the columns; null is an empty cell.</param>
internal sealed record Table(string Name, string FileName, IReadOnlyList<TableColumn> Columns, IEnumerable<object?[]> Rows)
{
    /// <summary>A sheet has this many rows; one is the heading.</summary>
    public const int MostRows = 1_048_575;

    private const string FormulaStarts = "=+-@\t\r\n";

    /// <summary>
    /// A text that no spreadsheet takes for a formula, which a code or name in a stream could be made to be: an apostrophe stands before it.
    /// </summary>
    public static string Defused(string text) => text.Length > 0 && FormulaStarts.Contains(text[0]) ? $"'{text}" : text;
}
