namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>
/// A table of a file the operator keeps: a header that is known, then one row a line, fields quoted as in RFC 4180 where needed.
/// Every mistake is named with its line and column.
/// </summary>
internal static class CsvTable
{
    /// <summary>The most rows of a table: thirty times the national procedure catalogue.</summary>
    private const int MaxRows = 200_000;

    /// <summary>Reads the rows; none when the header is another.</summary>
    /// <param name="text">The file.</param>
    /// <param name="columns">The header's names in their order.</param>
    /// <param name="log">Gets every mistake.</param>
    public static IEnumerable<CsvRow> Rows(string text, string[] columns, ProblemLog log)
    {
        var line = 0;
        foreach (var written in text.TrimStart('\uFEFF').Split('\n'))
        {
            line++;
            var content = written.TrimEnd('\r');
            if (line == 1)
            {
                if (!(Split(content) ?? []).SequenceEqual(columns, StringComparer.Ordinal))
                {
                    log.Add(1, "", $"the header must be {string.Join(',', columns)}, not '{content}'");
                    yield break;
                }
            }
            else if (line > MaxRows)
            {
                log.Add(line, "", $"has more than {MaxRows} lines; this cannot be the right file");
                yield break;
            }
            else if (!string.IsNullOrWhiteSpace(content) && RowOf(content, line, columns, log) is { } row)
            {
                yield return row;
            }
        }
    }

    private static CsvRow? RowOf(string content, int line, string[] columns, ProblemLog log)
    {
        var fields = Split(content);
        if (fields is null)
        {
            log.Add(line, "", "a quoted field does not end on its line");
        }
        else if (fields.Count != columns.Length)
        {
            log.Add(line, "", $"{fields.Count} fields, where {columns.Length} are expected: {string.Join(',', columns)}");
        }
        else
        {
            return new CsvRow(line, columns, fields, log);
        }

        return null;
    }

    /// <summary>The fields of a line; null when a quote is left open.</summary>
    private static List<string>? Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return quoted ? null : fields;
    }
}

/// <summary>A row of a <see cref="CsvTable"/>; a wrong value is reported and read as absent.</summary>
internal sealed class CsvRow(int line, string[] columns, List<string> fields, ProblemLog log)
{
    public int Line => line;

    public void Report(string column, string message) => log.Add(line, column, message);

    /// <summary>A field; null when empty.</summary>
    public string? Text(string column) => fields[Array.IndexOf(columns, column)] is { Length: > 0 } text ? text : null;

    /// <summary>A field that must not be empty.</summary>
    public string? RequiredText(string column)
    {
        var text = Text(column);
        if (text is null)
        {
            Report(column, "is missing");
        }

        return text;
    }

    /// <summary>A day; null when empty.</summary>
    public DateOnly? Date(string column)
    {
        if (Text(column) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        Report(column, $"must be a date like 2025-07-01, not '{text}'");
        return null;
    }

    /// <summary>The place of a word among those allowed; null when there is none.</summary>
    public int? Word(string column, params string[] allowed)
    {
        if (RequiredText(column) is not { } text)
        {
            return null;
        }

        var index = Array.IndexOf(allowed, text);
        if (index >= 0)
        {
            return index;
        }

        Report(column, $"unknown word '{text}'; {Suggestion.Sentence(text, allowed)}");
        return null;
    }
}
