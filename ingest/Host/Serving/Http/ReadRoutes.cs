namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Addresses that are read: they answer GET and, without a body, HEAD; what is asked of them must be understood.</summary>
internal static class ReadRoutes
{
    private const string Json = "application/json";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate answer) =>
        routes.MapMethods(pattern, Methods, answer);

    /// <summary>Says what an address is for and what it answers; mistakes are answered as problems.</summary>
    /// <typeparam name="T">The answer's body as JSON.</typeparam>
    /// <param name="others">Other media types of the answer.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, string summary, params string[] others) => route.WithSummary(summary)
        .Produces<T>(StatusCodes.Status200OK, Json, others).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <summary>Says what an address is for whose answer is text.</summary>
    public static RouteHandlerBuilder AnswersText(this RouteHandlerBuilder route, string summary, string contentType = "text/plain") =>
        route.WithSummary(summary).Produces<string>(StatusCodes.Status200OK, contentType).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <summary>Refuses parameters other than these, and one given twice that does not repeat.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters)
    {
        var all = new QueryParameters(parameters);
        return route.WithMetadata(all).AddEndpointFilter(async (call, next) =>
            all.MistakeIn(call.HttpContext.Request.Query) is { } mistake ? Problem.Of(StatusCodes.Status400BadRequest, mistake) : await next(call));
    }
}
