using System.Net;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>Pieces of the page of a trial: its style and its filter, which lie beside this file, and tables.</summary>
internal static class BacktestPageParts
{
    /// <summary>Grades differ by colour and by the word beside it; text has a contrast of 4.5 and more.</summary>
    public static string Style { get; } = Read("backtest.css");

    public static string Script { get; } = Read("backtest.js");

    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Vietnamese first, and the same in English.</summary>
    public static string Both(string vietnamese, string english) => $"{vietnamese} <span lang=\"en\">{english}</span>".TrimStart();

    /// <summary>A section that holds a table, which may be wider than a phone.</summary>
    /// <param name="title">Of the section, as HTML.</param>
    /// <param name="label">Of the table, as text; no two of a page are the same.</param>
    /// <param name="heads">Of its columns, each in two languages.</param>
    /// <param name="rows">As HTML.</param>
    public static string Section(string title, string label, IEnumerable<(string Vietnamese, string English)> heads, IEnumerable<string> rows)
    {
        var columns = string.Concat(heads.Select(static head => $"<th scope=\"col\">{Both(head.Vietnamese, head.English)}</th>"));
        return $"""
            <section><h2>{title}</h2><div class="wide" tabindex="0" role="region" aria-label="{Text(label)}"><table>
            <thead><tr>{columns}</tr></thead><tbody>
            {string.Join('\n', rows)}
            </tbody></table></div></section>

            """;
    }

    /// <summary>A row whose first cell is its heading.</summary>
    /// <param name="heading">As text.</param>
    /// <param name="cells">As HTML; numbers stand at the right.</param>
    /// <param name="rule">By which it is filtered; null for a row that always shows.</param>
    /// <param name="unit">Likewise.</param>
    public static string Row(string heading, IEnumerable<object> cells, string? rule = null, string? unit = null)
    {
        var filtered = rule is null ? "" : $" data-rule=\"{Text(rule)}\" data-unit=\"{Text(unit!.ToLowerInvariant())}\"";
        var shown = cells.Select(static cell => cell is int number ? $"<td class=\"n\">{number:N0}</td>" : $"<td>{cell}</td>");
        return $"<tr{filtered}><th scope=\"row\">{Text(heading)}</th>{string.Concat(shown)}</tr>";
    }

    private static string Read(string name)
    {
        using var stream = typeof(BacktestPageParts).Assembly.GetManifestResourceStream($"backtest/{name}")
            ?? throw new InvalidOperationException($"{name} is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
