namespace KpiStream.Engine.Windowing;

/// <summary>
/// The text of <c>--export</c>: header, rows sorted by the UTF-8 bytes of kpi, unit, period, from; line feeds;
/// fields quoted as in RFC 4180 where needed.
/// </summary>
public static class FigureCsv
{
    public const string Header = "kpi,unit,period,from,to,denominator,numerator,unobserved";

    /// <summary>Writes header and rows; the rows may come in any order.</summary>
    public static void Write(TextWriter writer, IEnumerable<FigureRow> rows)
    {
        FigureRow[] all = [.. rows];
        CsvField kpis = new(all.Select(static row => row.Kpi)), units = new(all.Select(static row => row.Unit));
        CsvField periods = new(all.Select(static row => row.Period)), starts = new(all.Select(static row => row.From));

        // A comparison of two numbers instead of up to four of texts.
        var places = Array.ConvertAll(all, row => checked(
            (((kpis.PlaceOf(row.Kpi) * units.Count) + units.PlaceOf(row.Unit)) * periods.Count + periods.PlaceOf(row.Period)) * starts.Count
            + starts.PlaceOf(row.From)));
        Array.Sort(places, all);
        WriteInOrder(writer, all);
    }

    /// <summary>Writes header and rows that come in order already, each as it comes.</summary>
    public static void WriteInOrder(TextWriter writer, IEnumerable<FigureRow> rows)
    {
        var line = new CsvLine(writer);
        line.Add(Header);
        line.End();
        foreach (var row in rows)
        {
            line.AddQuoted(row.Kpi, 0);
            line.AddQuoted(row.Unit, 1);
            line.AddQuoted(row.Period, 2);
            line.Add(row.From);
            line.Add(row.To);
            line.Add(row.Denominator);
            line.Add(row.Numerator);
            line.Add(row.Unobserved);
            line.End();
        }

        line.Flush();
    }
}
