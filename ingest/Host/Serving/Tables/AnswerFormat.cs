using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Tables;

/// <summary>How a list is answered.</summary>
internal enum AnswerFormat
{
    Json, Csv, Xlsx,
}

/// <summary>Which format is asked for: by the parameter, else by the Accept header.</summary>
internal static class AnswerFormats
{
    private static readonly string[] Words = [.. Enum.GetNames<AnswerFormat>().Select(static name => name.ToLowerInvariant())];

    /// <summary>The parameter that says it.</summary>
    public static readonly QueryParameter Parameter = new(
        "format", "json, csv or xlsx; by the Accept header when left out. The latter two are tables for people, with all rows unless limit is given.")
    {
        Words = Words,
    };

    /// <returns>The format; or what is not understood, as a sentence.</returns>
    public static (AnswerFormat Format, string Mistake) Read(HttpRequest request)
    {
        if (request.Query[Parameter.Name] is [{ } word, ..])
        {
            var place = Array.IndexOf(Words, word);
            return place < 0 ? (default, $"'{word}' is no format: {Suggestion.Sentence(word, Words)}.") : ((AnswerFormat)place, "");
        }

        foreach (var accepted in request.GetTypedHeaders().Accept.OrderByDescending(static one => one.Quality ?? 1))
        {
            switch (accepted.MediaType.Value?.ToLowerInvariant())
            {
                case "text/csv":
                    return (AnswerFormat.Csv, "");
                case XlsxTable.ContentType:
                    return (AnswerFormat.Xlsx, "");
                case "application/json" or "application/*" or "*/*":
                    return (AnswerFormat.Json, "");
            }
        }

        return (AnswerFormat.Json, "");
    }
}
