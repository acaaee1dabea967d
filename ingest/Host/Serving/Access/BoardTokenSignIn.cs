using System.Text.Encodings.Web;
using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.Extensions;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// Exchanges the token in a board's address for a cookie, and leads to the same address without it: so it is in no history, log or screenshot of a wall. The
/// cookie names the token and is looked up with every request.
/// </summary>
internal sealed class BoardTokenSignIn(AccessRegister register, WrongSecrets wrong, AccessAudit audit, HttpCounts counts, BoardPlan plan)
{
    public const string CookieName = "kpistream.board";

    private const string Parameter = "token";
    private const int LongestToken = 200;

    /// <summary>Browsers keep a cookie no longer; it is renewed while the board is looked at.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    /// <summary>How the cookie is sent and looked at.</summary>
    public static void Configure(CookieAuthenticationOptions options, AccessRegister register)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = async context =>
        {
            if (register.Find(context.Principal?.EntryId()) is { Kind: AccessKind.Board } entry)
            {
                context.ReplacePrincipal(AccessClaims.Of(entry));
                return;
            }

            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(AccessSchemes.Board);
        };
    }

    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Path.Value is not ("/board" or "/board/") || !HttpMethods.IsGet(request.Method) || !request.Query.TryGetValue(Parameter, out var given))
        {
            await next(context);
            return;
        }

        var entry = given is [{ Length: > 0 and <= LongestToken } token] ? register.Find(AccessKind.Board, token) : null;
        var isLetIn = wrong.Admits(entry, context.Connection.RemoteIpAddress, out var wait);
        if (wait is { } barred)
        {
            counts.Count(RefusedRequest.Rate);
            await AccessRefusals.RefuseRateAsync(context, barred, AccessRefusals.TooManyWrong);
            return;
        }

        if (!isLetIn || entry is null)
        {
            counts.Count(RefusedRequest.Access);
            audit.Refuse("unknown board token", null, "GET /board");
            await AccessPage.WriteAsync(context, StatusCodes.Status401Unauthorized, AccessPage.Unknown);
            return;
        }

        // A person's session would be asked first, and outlives nobody's wish to show a board here.
        if (request.Cookies.ContainsKey(OidcSignIn.CookieName))
        {
            context.Response.Cookies.Delete(OidcSignIn.CookieName);
        }

        await context.SignInAsync(AccessSchemes.Board, AccessClaims.Of(entry), new AuthenticationProperties { IsPersistent = true });
        audit.NoteOften("board_opened", AuditedIdentity.Of(entry));
        await LeadAsync(context, AddressFor(request, entry));
    }

    /// <summary>The address without the token; of a single unit, where none is asked for, its own figures.</summary>
    private string AddressFor(HttpRequest request, AccessEntry entry)
    {
        var query = new QueryBuilder(request.Query.Where(static one => !one.Key.Equals(Parameter, StringComparison.OrdinalIgnoreCase)));
        if (entry.Unit is { } unit && unit != plan.Top.Code && !request.Query.ContainsKey("unit"))
        {
            query.Add("unit", unit);
            if (plan.Directory.IsLeaf(unit) && !request.Query.ContainsKey("screen"))
            {
                query.Add("screen", "figures");
            }
        }

        return $"{request.PathBase}/board{query}";
    }

    /// <summary>
    /// A browser that came by a link of another site would not send a strict cookie on to where it is redirected: it gets a page that leads there.
    /// </summary>
    private static Task LeadAsync(HttpContext context, string address)
    {
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            var to = HtmlEncoder.Default.Encode(address);
            return AccessPage.WriteAsync(context, StatusCodes.Status200OK, $"<a href=\"{to}\">/board</a>", $"<meta http-equiv=refresh content=\"0;url={to}\">");
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Redirect(address);
        return Task.CompletedTask;
    }
}
