using System.Security.Claims;
using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>What those are told who may not do what they ask: programs a problem, browsers a page or the way to sign in.</summary>
internal sealed class AccessRefusals(AccessSettings settings, AccessAudit audit, HttpCounts counts) : IAuthorizationMiddlewareResultHandler
{
    /// <summary>What an address is told that sent too many wrong secrets.</summary>
    public const string TooManyWrong = "Too many wrong keys or tokens came from this address.";

    private static readonly object Barred = new();

    /// <summary>Notes that the address of a request sent too many wrong secrets.</summary>
    public static void Bar(HttpContext context, TimeSpan wait) => context.Items[Barred] = wait;

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var who = context.User.Audited();
        var asked = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an address that is not there"}";
        if (authorizeResult.Succeeded)
        {
            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
                && context.User.IsInRole(AccessClaims.WordOf(AccessRole.Operate)) && !asked.EndsWith($" {AccessPolicies.Reports}"))
            {
                audit.Note("operated", who, asked);
            }

            await next(context);
            return;
        }

        counts.Count(context.Items.ContainsKey(Barred) ? RefusedRequest.Rate : RefusedRequest.Access);
        if (context.Items.TryGetValue(Barred, out var wait))
        {
            audit.Refuse("too many wrong keys", who, asked);
            await RefuseRateAsync(context, (TimeSpan)wait!, TooManyWrong);
        }
        else if (who is not null)
        {
            audit.Refuse("not allowed", who, asked);
            await AnswerAsync(context, StatusCodes.Status403Forbidden, Forbidden(context.User), AccessPage.Forbidden);
        }
        else if (settings.Oidc is not null && AccessPage.IsWanted(context))
        {
            await SendToProviderAsync(context);
        }
        else
        {
            audit.Refuse("unknown", null, asked);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, "An API key is needed: send it as 'Authorization: Bearer KEY'. A screen opens the "
                + "address with its board token; 'kpistream api-key create' and 'kpistream board-token create' make them.", AccessPage.Unknown);
        }
    }

    private async Task SendToProviderAsync(HttpContext context)
    {
        try
        {
            await context.ChallengeAsync(AccessSchemes.Oidc);
        }
        catch (InvalidOperationException error) when (error.InnerException is not null && !context.Response.HasStarted)
        {
            // What the provider says of itself could not be read. The library looks again by itself.
            audit.Refuse("the provider does not answer", null, "sign-in");
            context.Response.Headers.RetryAfter = "10";
            await AccessPage.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, AccessPage.Unavailable);
        }
    }

    /// <summary>Says when to come back.</summary>
    public static Task RefuseRateAsync(HttpContext context, TimeSpan wait, string sentence)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString();
        return Problem.WriteAsync(context, StatusCodes.Status429TooManyRequests, $"{sentence} Ask again in {seconds} s.");
    }

    private static Task AnswerAsync(HttpContext context, int status, string sentence, string page) =>
        AccessPage.IsWanted(context) ? AccessPage.WriteAsync(context, status, page) : Problem.WriteAsync(context, status, sentence);

    private static string Forbidden(ClaimsPrincipal user) => user.IsPerson()
        ? "You are known here, but none of your roles allows this; ask the operator to map one of them under access.oidc.roles or access.proxy_identity.roles."
        : user.IsInRole(AccessClaims.BoardRole) ? "This board token shows its board; figures and series only of its own unit ('unit=CODE') and those "
            + "below it, and none of them where anybody may look. An API key with the role read sees everything."
        : $"'{user.FindFirstValue(AccessClaims.Name)}' is known here, but may not do this; its roles: "
            + $"{string.Join(", ", user.FindAll(AccessClaims.Role).Select(static role => role.Value))}.";
}
