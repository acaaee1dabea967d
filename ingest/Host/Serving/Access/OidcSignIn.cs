using System.Security.Claims;
using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>Lets people sign in at an OpenID Connect provider: code flow with PKCE, then a cookie of our own that holds name, subject and roles.</summary>
internal sealed class OidcSignIn(OidcSettings settings, string? secret, AccessAudit audit, HttpCounts counts)
{
    public const string CookieName = "kpistream.session";

    /// <summary>A working day: who has left the office signs in no more.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public void AddTo(AuthenticationBuilder builder) => builder
        .AddCookie(AccessSchemes.Session, ConfigureCookie)
        .AddOpenIdConnect(AccessSchemes.Oidc, Configure);

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;

        // A strict one would not be sent when the provider leads back.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false;
    }

    private void Configure(OpenIdConnectOptions options)
    {
        options.SignInScheme = AccessSchemes.Session;
        options.Authority = settings.Authority.AbsoluteUri.TrimEnd('/');
        options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
        options.ClientId = settings.ClientId;
        options.ClientSecret = secret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.BackchannelTimeout = Patience;
        options.Scope.Clear();
        foreach (var scope in settings.Scopes)
        {
            options.Scope.Add(scope);
        }

        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        options.Events.OnTokenValidated = context =>
        {
            context.Principal = PersonOf(context.Principal!);
            return context.HttpContext.SignOutAsync(AccessSchemes.Board);
        };
        options.Events.OnRemoteFailure = async context =>
        {
            counts.Count(RefusedRequest.Access);
            audit.Refuse("sign-in failed", null, context.Failure?.GetType().Name ?? "");
            context.HandleResponse();
            await AccessPage.WriteAsync(context.HttpContext, StatusCodes.Status401Unauthorized, AccessPage.Failed);
        };
    }

    private ClaimsPrincipal PersonOf(ClaimsPrincipal signedIn)
    {
        var subject = signedIn.FindFirstValue("sub") ?? "";
        var name = signedIn.FindFirstValue("name") ?? signedIn.FindFirstValue("preferred_username") ?? subject;
        List<AccessRole> roles = [.. signedIn.FindAll(settings.RolesClaim).Where(claim => settings.Roles.ContainsKey(claim.Value))
            .Select(claim => settings.Roles[claim.Value]).Distinct()];
        var person = AccessClaims.OfPerson(subject, name, roles, AccessSchemes.Session);
        audit.Note("signed_in", person.Audited(), roles.Count == 0 ? "without a role" : string.Join(", ", roles.Select(AccessClaims.WordOf)));
        return person;
    }
}
