using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>Lets programs in by <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, AccessRegister register, WrongSecrets wrong)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string HeaderName = "X-Api-Key";

    private const string Bearer = "Bearer ";

    /// <summary>The key that a request carries; null for none.</summary>
    public static string? KeyIn(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        var key = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : headers[HeaderName].ToString();
        return key.Trim() is { Length: > 0 } given ? given : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (KeyIn(Request.Headers) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        var entry = register.Find(AccessKind.Key, key);
        if (wrong.Admits(entry, Context.Connection.RemoteIpAddress, out var wait))
        {
            return AuthenticateResult.Success(new AuthenticationTicket(AccessClaims.Of(entry!), Scheme.Name));
        }

        if (wait is { } barred)
        {
            AccessRefusals.Bar(Context, barred);
        }

        return AuthenticateResult.Fail("unknown key");
    }
}
