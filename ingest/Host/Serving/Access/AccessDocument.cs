using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>Says in the OpenAPI document how one is let in, and at which address one must be.</summary>
internal static class AccessDocument
{
    /// <param name="options">The document's.</param>
    /// <param name="access">What is configured.</param>
    public static void Describe(OpenApiOptions options, AccessSettings access)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = Schemes(access);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var policy = context.Description.ActionDescriptor.EndpointMetadata.OfType<AuthorizeAttribute>().LastOrDefault()?.Policy;
            operation.Security = policy is null ? null : [.. WaysIn(policy, access).Select(scheme => Requirement(scheme, context.Document))];
            return Task.CompletedTask;
        });
    }

    private static Dictionary<string, IOpenApiSecurityScheme> Schemes(AccessSettings access)
    {
        var schemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [AccessSchemes.Key] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key: 'kpistream api-key create NAME --role read', or post, or operate.",
            },
            [AccessSchemes.Board] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = BoardTokenSignIn.CookieName,
                Description = "The cookie that a board's address with its token is exchanged for: 'kpistream board-token create NAME'.",
            },
        };
        if (access.Oidc is { } oidc)
        {
            schemes[AccessSchemes.Oidc] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OpenIdConnect,
                OpenIdConnectUrl = new Uri($"{oidc.Authority.ToString().TrimEnd('/')}/.well-known/openid-configuration"),
                Description = "People, who sign in at the board.",
            };
        }

        if (access.ProxyIdentity is { } proxy)
        {
            schemes[AccessSchemes.Proxy] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = proxy.UserHeader,
                Description = "People, whom the reverse proxy signs in: it sets this header, and nobody else's is looked at.",
            };
        }

        return schemes;
    }

    private static IEnumerable<string> WaysIn(string policy, AccessSettings access)
    {
        yield return AccessSchemes.Key;
        if (policy == AccessPolicies.Board)
        {
            yield return AccessSchemes.Board;
        }

        if (policy != AccessPolicies.Post && access.Oidc is not null)
        {
            yield return AccessSchemes.Oidc;
        }

        if (policy != AccessPolicies.Post && access.ProxyIdentity is not null)
        {
            yield return AccessSchemes.Proxy;
        }
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument? document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
