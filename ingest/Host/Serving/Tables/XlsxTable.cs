using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace KpiStream.Ingest.Host.Serving.Tables;

/// <summary>A table as an Excel workbook of one sheet: numbers, percents and dates are such, and the heading stays in sight.</summary>
internal static class XlsxTable
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static byte[] Write(Table table)
    {
        var sheet = new OpenXmlConfiguration
        {
            DynamicColumns = [.. table.Columns.Select(static (column, place) => new DynamicExcelColumn(column.Heading)
            {
                Index = place,
                Width = column.Width,
                Format = FormatOf(column.Kind),
            })],
            TableStyles = TableStyles.None,
            FreezeRowCount = 1,
        };
        using var bytes = new MemoryStream();
        bytes.SaveAs(RowsOf(table), printHeader: true, table.Name, ExcelType.XLSX, sheet);
        return bytes.ToArray();
    }

    /// <summary>Without rows a sheet of this library has no heading: then an empty row keeps it.</summary>
    private static IEnumerable<Dictionary<string, object?>> RowsOf(Table table)
    {
        var isEmpty = true;
        foreach (var row in table.Rows)
        {
            isEmpty = false;
            yield return Row(table, row);
        }

        if (isEmpty)
        {
            yield return Row(table, new object?[table.Columns.Count]);
        }
    }

    private static Dictionary<string, object?> Row(Table table, object?[] cells) => table.Columns.Zip(cells)
        .ToDictionary(static pair => pair.First.Heading, static pair => pair.Second is string text ? Table.Defused(text) : pair.Second);

    private static string? FormatOf(CellKind kind) => kind switch
    {
        CellKind.Count => "#,##0",
        CellKind.Percent => "0.00%",
        CellKind.Day => "dd/mm/yyyy",
        CellKind.Instant => "dd/mm/yyyy hh:mm:ss",
        _ => null,
    };
}
