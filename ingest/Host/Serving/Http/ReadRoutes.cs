namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Addresses that are read: they answer GET and, without a body, HEAD; what is asked of them must be understood.</summary>
internal static class ReadRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate answer) =>
        routes.MapMethods(pattern, Methods, answer);

    /// <summary>Refuses parameters other than these, and one given twice that does not repeat.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters)
    {
        var all = new QueryParameters(parameters);
        return route.WithMetadata(all).AddEndpointFilter(async (call, next) =>
            all.MistakeIn(call.HttpContext.Request.Query) is { } mistake ? Problem.Of(StatusCodes.Status400BadRequest, mistake) : await next(call));
    }
}
