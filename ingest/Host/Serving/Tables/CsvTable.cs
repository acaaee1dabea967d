namespace KpiStream.Ingest.Host.Serving.Tables;

/// <summary>
/// A table as CSV for people: UTF-8 with a mark, by which Excel knows it; lines end as RFC 4180 has them; numbers, percents and dates as Vietnamese offices
/// write them, which is how a spreadsheet set to Vietnamese reads them back.
/// </summary>
internal static class CsvTable
{
    public const string ContentType = "text/csv; charset=utf-8";

    private static readonly NumberFormatInfo Numbers = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
    private static readonly char[] MustQuote = [',', '"', '\n', '\r'];

    public static byte[] Write(Table table)
    {
        using var bytes = new MemoryStream();
        using (var text = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        {
            WriteLine(text, table.Columns.Select(static column => column.Heading));
            foreach (var row in table.Rows)
            {
                WriteLine(text, row.Zip(table.Columns, static (cell, column) => TextOf(cell, column.Kind)));
            }
        }

        return bytes.ToArray();
    }

    private static void WriteLine(StreamWriter to, IEnumerable<string> fields)
    {
        to.Write(string.Join(',', fields.Select(Quote)));
        to.Write("\r\n");
    }

    private static string TextOf(object? cell, CellKind kind) => cell switch
    {
        null => "",
        string text => Table.Defused(text),
        long count => count.ToString(CultureInfo.InvariantCulture),
        double ratio when kind == CellKind.Percent => (Math.Floor((decimal)ratio * 10_000) / 100).ToString("0.00", Numbers) + "%",
        DateTime at => at.ToString(kind == CellKind.Day ? "dd'/'MM'/'yyyy" : "dd'/'MM'/'yyyy HH':'mm':'ss", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell cannot be a {cell.GetType().Name}.", nameof(cell)),
    };

    private static string Quote(string field) => field.AsSpan().IndexOfAny(MustQuote) < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
