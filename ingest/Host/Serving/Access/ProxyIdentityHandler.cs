using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>Lets people in whom the proxy names.</summary>
internal sealed class ProxyIdentityHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (ProxyIdentity.PersonOf(Context) is not { } person)
        {
            return AuthenticateResult.NoResult();
        }

        // The proxy vouches for whatever the browser sends, also where another site's page made it: such a request may read and change nothing.
        var isSafe = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        return !isSafe && Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
            ? AuthenticateResult.Fail("sent by another site")
            : AuthenticateResult.Success(
                new AuthenticationTicket(AccessClaims.OfPerson(person.Name, person.Name, person.Roles, AccessSchemes.Proxy), Scheme.Name));
    }
}
