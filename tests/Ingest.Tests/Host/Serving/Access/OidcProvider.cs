using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>A real OpenID Connect provider (OpenIddict) on a free loopback port, at which the person that a test names has signed in already.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    public const string ClientId = "kpistream", Secret = "a secret of the provider's";

    private readonly WebApplication app;

    private OidcProvider(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    /// <summary>Who signs in next, and what the provider says of them.</summary>
    public (string Subject, string Name, string[] Roles) Person { get; set; } = ("u-1", "Nguyễn Văn An", ["leaders"]);

    public static async Task<OidcProvider> StartAsync()
    {
        var url = new Uri($"http://127.0.0.1:{FreePorts.Take()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url.GetLeftPart(UriPartial.Authority));
        OidcProvider? provider = null;
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(server => Configure(server, url, () => provider!.Person));
        provider = new OidcProvider(builder.Build(), url);
        provider.app.UseAuthentication();
        await provider.app.StartAsync();

        // The first answer takes seconds on a busy machine, and a sign-in waits for no more than some.
        using var first = new HttpClient { Timeout = KpiStreamProcess.Limit };
        await first.GetStringAsync(new Uri(url, ".well-known/openid-configuration"));
        await first.GetStringAsync(new Uri(url, ".well-known/jwks"));
        return provider;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>Without a store: what it hands out says itself what it is.</summary>
    private static void Configure(OpenIddictServerBuilder server, Uri url, Func<(string Subject, string Name, string[] Roles)> person)
    {
        server.SetIssuer(url).SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.EnableDegradedMode().AddEphemeralEncryptionKey().AddEphemeralSigningKey();
        server.RegisterScopes(OpenIddictConstants.Scopes.Profile);
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(static context =>
        {
            if (context.ClientId != ClientId || context.Request.CodeChallengeMethod != OpenIddictConstants.CodeChallengeMethods.Sha256)
            {
                context.Reject(OpenIddictConstants.Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(static context =>
        {
            if (context.ClientId != ClientId || context.ClientSecret != Secret)
            {
                context.Reject(OpenIddictConstants.Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            var (subject, name, roles) = person();
            var identity = new ClaimsIdentity("test", OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role);
            identity.AddClaim(new Claim(OpenIddictConstants.Claims.Subject, subject));
            identity.AddClaim(new Claim(OpenIddictConstants.Claims.Name, name));
            identity.AddClaims(roles.Select(static role => new Claim("groups", role)));
            identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.IdentityToken]);
            context.Principal = new ClaimsPrincipal(identity);
            context.Principal.SetScopes(context.Request.GetScopes());
            return default;
        }));
    }
}
