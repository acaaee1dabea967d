using System.Globalization;

namespace KpiStream.Engine.Units;

/// <summary>
/// Reads a unit directory: <c>code,name,kind,parent[,valid_from,valid_to,successor,aliases]</c>, quoted as in RFC 4180 where needed.
/// Every mistake is named with its line; nothing is guessed.
/// </summary>
public static class UnitCsv
{
    private static readonly string[] Columns = ["code", "name", "kind", "parent", "valid_from", "valid_to", "successor", "aliases"];
    private const int RequiredColumns = 4;

    /// <summary>Reads the rows; when <paramref name="problems"/> gets any, the rows must not be used.</summary>
    public static IReadOnlyList<UnitRow> Parse(string text, ICollection<string> problems)
    {
        var rows = new List<UnitRow>();
        var columns = 0;
        var line = 0;
        foreach (var record in text.TrimStart('\uFEFF').Split('\n'))
        {
            line++;
            var content = record.TrimEnd('\r');
            if (line == 1)
            {
                columns = CheckHeader(content, problems);
            }
            else if (!string.IsNullOrWhiteSpace(content) && ParseRow(content, line, columns, problems) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Checks the header; returns how many columns rows may have.</summary>
    private static int CheckHeader(string header, ICollection<string> problems)
    {
        var names = Split(header, out _);
        if (names.Count < RequiredColumns || names.Count > Columns.Length || !names.SequenceEqual(Columns[..names.Count], StringComparer.Ordinal))
        {
            problems.Add($"line 1: the header must be {string.Join(',', Columns)} (the last four may be left out), not '{header}'");
            return Columns.Length;
        }

        return names.Count;
    }

    private static UnitRow? ParseRow(string content, int line, int columns, ICollection<string> problems)
    {
        var fields = Split(content, out var closed);
        if (!closed)
        {
            problems.Add($"line {line}: a quoted field does not end on its line");
            return null;
        }

        if (fields.Count < RequiredColumns || fields.Count > columns)
        {
            problems.Add($"line {line}: {fields.Count} fields, where {RequiredColumns} to {columns} are expected");
            return null;
        }

        string? Field(int index) => index < fields.Count && fields[index].Length > 0 ? fields[index] : null;
        DateOnly? Date(int index)
        {
            if (Field(index) is not { } value)
            {
                return null;
            }

            if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return date;
            }

            problems.Add($"line {line}: {Columns[index]} must be a date like 2025-07-01, not '{value}'");
            return null;
        }

        if (Field(0) is not { } code || Encoding.UTF8.GetByteCount(code) > 32)
        {
            problems.Add($"line {line}: code must have 1 to 32 bytes");
            return null;
        }

        var aliases = (Field(7) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new UnitRow(code, Field(1) ?? code, Field(2) ?? "", Field(3), Date(4), Date(5), Field(6), aliases) { Line = line };
    }

    private static List<string> Split(string line, out bool closed)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var character = line[i];
            if (quoted && character == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (character == '"')
            {
                quoted = !quoted;
            }
            else if (character == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(field.ToString());
        closed = !quoted;
        return fields;
    }
}
