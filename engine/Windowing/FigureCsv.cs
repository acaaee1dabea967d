namespace KpiStream.Engine.Windowing;

/// <summary>
/// The text of <c>--export</c>: header, rows sorted by the UTF-8 bytes of kpi, unit, period, from; line feeds;
/// fields quoted as in RFC 4180 where needed.
/// </summary>
public static class FigureCsv
{
    public const string Header = "kpi,unit,period,from,to,denominator,numerator,unobserved";

    private static readonly char[] MustQuote = [',', '"', '\n', '\r'];

    /// <summary>Writes header and rows; the rows may come in any order.</summary>
    public static void Write(TextWriter writer, IEnumerable<FigureRow> rows)
    {
        writer.Write(Header);
        writer.Write('\n');
        var sorted = rows.ToList();
        sorted.Sort(Compare);
        foreach (var row in sorted)
        {
            writer.Write(string.Join(',', Quote(row.Kpi), Quote(row.Unit), Quote(row.Period), row.From, row.To, Number(row.Denominator), Number(row.Numerator),
                Number(row.Unobserved)));
            writer.Write('\n');
        }
    }

    private static int Compare(FigureRow left, FigureRow right)
    {
        var order = CompareBytes(left.Kpi, right.Kpi);
        order = order != 0 ? order : CompareBytes(left.Unit, right.Unit);
        order = order != 0 ? order : CompareBytes(left.Period, right.Period);
        return order != 0 ? order : CompareBytes(left.From, right.From);
    }

    /// <summary>Orders as the UTF-8 bytes do; UTF-16 order differs only once surrogates are involved.</summary>
    private static int CompareBytes(string left, string right)
    {
        if (ReferenceEquals(left, right))
        {
            return 0; // most rows beside each other have one figure and one unit
        }

        if (!left.AsSpan().ContainsAnyInRange('\uD800', '\uFFFF') && !right.AsSpan().ContainsAnyInRange('\uD800', '\uFFFF'))
        {
            return string.CompareOrdinal(left, right);
        }

        return Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
    }

    private static string Number(long? value) => value?.ToString() ?? "";

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(MustQuote) < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
