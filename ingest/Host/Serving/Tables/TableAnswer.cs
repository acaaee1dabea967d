using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Tables;

/// <summary>A table as an answer.</summary>
internal static class TableAnswer
{
    /// <param name="format">Not <see cref="AnswerFormat.Json"/>.</param>
    public static IResult Of(HttpContext context, Table table, AnswerFormat format)
    {
        if (format == AnswerFormat.Csv)
        {
            var csv = CsvTable.Write(table);
            return Validated.Bytes(context, csv, CsvTable.ContentType, csv, table.FileName + ".csv");
        }

        // A workbook holds the time of its making; the same table is the same answer all the same.
        var kept = table with { Rows = [.. table.Rows] };
        return Validated.Bytes(context, XlsxTable.Write(kept), XlsxTable.ContentType, CsvTable.Write(kept), table.FileName + ".xlsx");
    }
}
