namespace KpiStream.Engine.Windowing;

/// <summary>The values that a field of many rows has: few beside the rows, so each is put in order once.</summary>
internal sealed class CsvField
{
    private static readonly char[] MustQuote = [',', '"', '\n', '\r'];

    private readonly Dictionary<string, long> values = [];

    /// <param name="all">The field of every row.</param>
    public CsvField(IEnumerable<string> all)
    {
        string[] sorted = [.. all.Distinct()];
        Array.Sort(sorted, CompareBytes);
        foreach (var value in sorted)
        {
            values.Add(value, values.Count);
        }
    }

    public long Count => values.Count;

    /// <summary>Where a value comes among all by its UTF-8 bytes, from 0.</summary>
    public long PlaceOf(string value) => values[value];

    /// <summary>Orders as the UTF-8 bytes do; UTF-16 order differs only once surrogates are involved.</summary>
    internal static int CompareBytes(string left, string right) =>
        left.AsSpan().ContainsAnyInRange('\uD800', '\uFFFF') || right.AsSpan().ContainsAnyInRange('\uD800', '\uFFFF')
            ? Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))
            : string.CompareOrdinal(left, right);

    /// <summary>As it is written in CSV.</summary>
    internal static string Quote(string field) =>
        field.AsSpan().IndexOfAny(MustQuote) < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
