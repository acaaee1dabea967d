using Microsoft.AspNetCore.WebUtilities;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Answers that say what is wrong and what to do, as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class Problem
{
    /// <param name="status">400 or more.</param>
    /// <param name="sentence">For the client.</param>
    /// <param name="more">Members of its own; null for none.</param>
    public static IResult Of(int status, string sentence, Dictionary<string, object?>? more = null) =>
        Results.Problem(sentence, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status), extensions: more);

    /// <summary>Writes it, where the answer has not begun.</summary>
    public static Task WriteAsync(HttpContext context, int status, string sentence) => Of(status, sentence).ExecuteAsync(context);
}
