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
        writer.Write(Header);
        writer.Write('\n');
        FigureRow[] all = [.. rows];
        CsvField kpis = new(all.Select(static row => row.Kpi)), units = new(all.Select(static row => row.Unit));
        CsvField periods = new(all.Select(static row => row.Period)), starts = new(all.Select(static row => row.From));

        // A comparison of two numbers instead of up to four of texts.
        var places = Array.ConvertAll(all, row => checked(
            (((kpis.PlaceOf(row.Kpi) * units.Count) + units.PlaceOf(row.Unit)) * periods.Count + periods.PlaceOf(row.Period)) * starts.Count
            + starts.PlaceOf(row.From)));
        Array.Sort(places, all);
        foreach (ref readonly var row in all.AsSpan())
        {
            writer.Write(kpis.TextOf(row.Kpi));
            writer.Write(',');
            writer.Write(units.TextOf(row.Unit));
            writer.Write(',');
            writer.Write(periods.TextOf(row.Period));
            writer.Write(',');
            writer.Write(row.From);
            writer.Write(',');
            writer.Write(row.To);
            WriteNumber(writer, row.Denominator);
            WriteNumber(writer, row.Numerator);
            WriteNumber(writer, row.Unobserved);
            writer.Write('\n');
        }
    }

    private static void WriteNumber(TextWriter writer, long? value)
    {
        Span<char> digits = stackalloc char[1 + 20];
        digits[0] = ',';
        var length = 0;
        _ = value?.TryFormat(digits[1..], out length);
        writer.Write(digits[..(1 + length)]);
    }
}
