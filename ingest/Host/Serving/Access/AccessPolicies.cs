using Microsoft.AspNetCore.Authorization;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>Which role each address needs. An address that is not named here needs <c>read</c>, and one that changes something <c>operate</c>.</summary>
internal sealed class AccessPolicies(AccessSettings settings)
{
    public const string Board = "board", Read = "read", Post = "post", Operate = "operate";

    /// <summary>Where a screen says what it has painted, which changes nothing but that.</summary>
    public const string Reports = "/api/v1/boards";

    /// <summary>What a board token shows, of its unit and what is below it.</summary>
    private static readonly string[] OfBoards =
        ["/", "/board", "/api/v1/board", "/api/v1/stream", "/api/v1/figures", "/api/v1/series", "/api/v1/units", "/api/v1/alerts",
            "/api/v1/rulebook", "/api/v1/pace", "/api/v1/units/{code}"];

    public static void AddTo(AuthorizationOptions options)
    {
        var (read, operate) = (AccessClaims.WordOf(AccessRole.Read), AccessClaims.WordOf(AccessRole.Operate));
        options.AddPolicy(Board, policy => policy.RequireRole(AccessClaims.BoardRole, read, operate).AddRequirements(new BoardScopeRequirement()));
        options.AddPolicy(Read, policy => policy.RequireRole(read, operate));
        options.AddPolicy(Post, policy => policy.RequireRole(AccessClaims.WordOf(AccessRole.Post)));
        options.AddPolicy(Operate, policy => policy.RequireRole(operate));

        // What leads nowhere is not said to strangers either.
        options.FallbackPolicy = options.GetPolicy(Board);
    }

    /// <summary>Routes mapped on the result need what this table says.</summary>
    public IEndpointRouteBuilder Protect(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var methods = endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
            var path = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText ?? "";
            endpoint.Metadata.Add(PolicyOf(path, methods) is { } policy ? new AuthorizeAttribute(policy) : new AllowAnonymousAttribute());
        });
        return group;
    }

    /// <summary>The policy of a route; null when anybody may ask.</summary>
    /// <param name="pattern">The route as it was mapped.</param>
    /// <param name="methods">Those it takes.</param>
    public string? PolicyOf(string pattern, IReadOnlyList<string> methods)
    {
        var path = pattern.Length > 1 ? pattern.TrimEnd('/') : "/";
        var isReading = methods.Count > 0 && methods.All(static method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
        return (path, isReading) switch
        {
            ("/health/live" or "/sign-out", true) => null,
            ("/health/ready" or "/metrics", true) => settings.OpenMetrics ? null : Read,
            ("/api/v1/events", false) => Post,
            (Reports, false) => Board,
            (_, false) => Operate,
            _ => OfBoards.Contains(path) || path.StartsWith("/board/") ? Board : Read,
        };
    }
}
