namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Addresses that are read: they answer GET and, without a body, HEAD; what is asked of them must be understood.</summary>
internal static class ReadRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate answer) =>
        routes.MapMethods(pattern, Methods, answer);

    /// <summary>Refuses parameters other than these, and one given twice.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params string[] names) => route.AddEndpointFilter(async (call, next) =>
        MistakeIn(call.HttpContext.Request.Query, names) is { } mistake ? Problem.Of(StatusCodes.Status400BadRequest, mistake) : await next(call));

    private static string? MistakeIn(IQueryCollection query, string[] names)
    {
        foreach (var (name, values) in query)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return names.Length == 0 ? $"There is no parameter '{name}' here, nor any other."
                    : $"There is no parameter '{name}': {Suggestion.Sentence(name, names)}.";
            }

            if (values.Count > 1)
            {
                return $"The parameter '{name}' is given {values.Count} times; give it once.";
            }
        }

        return null;
    }
}
