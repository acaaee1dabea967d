using System.Buffers.Text;
using Microsoft.AspNetCore.Http.Extensions;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// Which rows of a list are asked for: at most <paramref name="Limit"/>, behind a given one. The answer's <c>Link</c> header (RFC 8288) names the next
/// page while
/// there are more rows. A cursor holds the key of the last row and not its number, so rows that appear between two pages shift none.
/// </summary>
/// <param name="Limit">At least 1; of an answer in JSON at most <see cref="MostRows"/>.</param>
/// <param name="After">The key of the row before the first; null for the beginning.</param>
internal sealed record Page(int Limit, string? After)
{
    /// <summary>A province's figures are one page, the nation's some ten.</summary>
    public const int MostRows = 10_000;

    /// <summary>The parameters, for <see cref="ReadRoutes.Takes"/>.</summary>
    public const string LimitName = "limit", CursorName = "cursor";

    private const int LongestCursor = 1_000;

    /// <summary>From the beginning, as many rows as a page may have.</summary>
    public static readonly Page First = new(MostRows, null);

    /// <summary>Reads the parameters; the mistake is a sentence for the asker.</summary>
    /// <param name="list">The list's name: a cursor of another is refused.</param>
    /// <param name="limit">As typed.</param>
    /// <param name="cursor">As typed.</param>
    /// <param name="most">The most rows there may be, and as many as there are when no limit is typed.</param>
    public static (Page? Page, string Mistake) Read(string list, string? limit, string? cursor, int most = MostRows)
    {
        var rows = most;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out rows) || rows < 1 || rows > most))
        {
            return (null, $"The limit is a whole number of rows from 1 to {most}, not '{Short(limit)}'.");
        }

        if (cursor is null)
        {
            return (new Page(rows, null), "");
        }

        return KeyIn(list, cursor) is { } key ? (new Page(rows, key), "") : (null, Refusal(cursor));
    }

    /// <summary>What is said of a cursor that cannot be one of the list asked for.</summary>
    public static string Refusal(string cursor) =>
        $"The cursor '{Short(cursor)}' is none of this list and question. Take it from the Link header of the page before, with the same parameters, "
            + $"or leave it out to begin again.";

    /// <summary>The cursor behind a row.</summary>
    public static string CursorOf(string list, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}\n{key}"));

    /// <summary>Cuts the page out of a list.</summary>
    /// <param name="rows">From the row behind <see cref="After"/> on.</param>
    /// <param name="list">The list's name.</param>
    public PageOf<T> Cut<T>(IEnumerable<T> rows, string list, Func<T, string> keyOf)
    {
        var taken = rows.Take(Limit + 1).ToList();
        if (taken.Count <= Limit)
        {
            return new PageOf<T>(taken, null);
        }

        taken.RemoveAt(Limit);
        return new PageOf<T>(taken, CursorOf(list, keyOf(taken[^1])));
    }

    private static string? KeyIn(string list, string cursor)
    {
        var bytes = new byte[LongestCursor];
        if (cursor.Length > LongestCursor || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.StartsWith($"{list}\n") ? text[(list.Length + 1)..] : null;
    }

    private static string Short(string text) => text.Length > 40 ? $"{text[..40]}…" : text;
}

/// <summary>A page of a list.</summary>
/// <param name="Rows">The rows, which are the answer's body.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
internal sealed record PageOf<T>(IReadOnlyList<T> Rows, string? Next)
{
    /// <summary>Says in the <c>Link</c> header where the next page is.</summary>
    public void LinkNext(HttpContext context)
    {
        if (Next is not null)
        {
            var query = new QueryBuilder(
                context.Request.Query.Where(static one => !one.Key.Equals(Page.CursorName, StringComparison.OrdinalIgnoreCase))) { { Page.CursorName, Next } };
            context.Response.Headers.Link = $"<{context.Request.Path}{query}>; rel=\"next\"";
        }
    }
}
