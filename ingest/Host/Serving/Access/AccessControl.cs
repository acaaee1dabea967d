using System.Collections.Concurrent;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// TLS, the proxy in front, and who may do what, as the settings have them. A service that looks every second whether keys, tokens or certificate have changed.
/// Restart: all of it is read from files; those who were let in by a cookie still are.
/// </summary>
internal sealed class AccessControl : BackgroundService, IWebAccess
{
    private const int MostNoted = 100_000;
    private const string CookieKeys = "access-cookies";
    private static readonly TimeSpan Cadence = TimeSpan.FromSeconds(1);

    private readonly Settings settings;
    private readonly string folder;
    private readonly string? oidcSecret;
    private readonly ServerCertificate? certificate;
    private readonly HttpCounts counts;
    private readonly TimeProvider time;
    private readonly AccessAudit audit;
    private readonly WrongSecrets wrong = new();
    private readonly ConcurrentDictionary<string, bool> used = new();
    private readonly BoardPlan plan;

    private AccessControl(AccessParts parts, HttpCounts counts, BoardPlan plan, Action<string> warn, TimeProvider time)
    {
        (settings, folder, oidcSecret, certificate) = (parts.Settings, parts.Folder, parts.OidcSecret, parts.Certificate);
        (this.counts, this.plan, this.time) = (counts, plan, time);
        Register = parts.Register;
        audit = new AccessAudit(folder, warn, time);
    }

    /// <summary>Keys and board tokens in force.</summary>
    public AccessRegister Register { get; }

    /// <summary>Null where the settings name neither TLS nor a proxy nor access: everything is as on loopback by default.</summary>
    /// <param name="parts">What was read at the start; null for nothing.</param>
    /// <param name="counts">Told of refusals.</param>
    /// <param name="plan">The board and its unit.</param>
    /// <param name="warn">Told what the operator should see to.</param>
    /// <param name="time">For expiry, and the audit log.</param>
    public static AccessControl? Create(AccessParts? parts, HttpCounts counts, BoardPlan plan, Action<string> warn, TimeProvider time) =>
        parts is null ? null : new AccessControl(parts, counts, plan, warn, time);

    /// <summary>Routes mapped on the result are protected.</summary>
    public IEndpointRouteBuilder Protect(IEndpointRouteBuilder routes)
    {
        if (settings.Access is not { } access)
        {
            return routes;
        }

        var group = new AccessPolicies(access).Protect(routes);
        group.MapRead("/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync(AccessSchemes.Board);
            await (access.Oidc is null ? Task.CompletedTask : context.SignOutAsync(AccessSchemes.Session));
            await AccessPage.WriteAsync(context, StatusCodes.Status200OK, AccessPage.SignedOut);
        });
        return group;
    }

    /// <summary>Notes what became of a file by which alerts are judged.</summary>
    public void Note(EditionNote note) =>
        audit.Note($"{note.Id}_{(note.IsRefused ? "refused" : "changed")}", new AuditedIdentity("file", note.Hash, note.By), note.Text);

    public void AddServices(WebApplicationBuilder builder)
    {
        if (settings.Access is not { } access)
        {
            return;
        }

        // Its keys lie in a folder of the owner's, like every other secret here; it would warn of that at every start.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // A client can cause any number of refusals: they are counted, and in the audit log in a bounded number.
        builder.Logging.AddFilter("KpiStream", LogLevel.Warning);
        StateFolder.Create(folder);
        var services = builder.Services;
        services.AddDataProtection().SetApplicationName("kpistream").PersistKeysToFileSystem(new DirectoryInfo(CookieFolder()));
        services.AddSingleton(Register).AddSingleton(wrong);
        var schemes = services.AddAuthentication(AccessSchemes.Any)
            .AddPolicyScheme(AccessSchemes.Any, null, any => any.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(AccessSchemes.Key, null)
            .AddCookie(AccessSchemes.Board, cookie => BoardTokenSignIn.Configure(cookie, Register));
        if (access.ProxyIdentity is { } proxy)
        {
            services.AddSingleton(proxy);
            schemes.AddScheme<AuthenticationSchemeOptions, ProxyIdentityHandler>(AccessSchemes.Proxy, null);
        }

        if (access.Oidc is { } oidc)
        {
            new OidcSignIn(oidc, oidcSecret, audit, counts).AddTo(schemes);
        }

        services.Configure<OpenApiOptions>(ApiDocument.Name, document => AccessDocument.Describe(document, access));
        services.AddAuthorization(AccessPolicies.AddTo);
        services.AddSingleton<IAuthorizationHandler>(new BoardScopeHandler(Register, plan.Directory, plan.Top.Code));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(new AccessRefusals(access, audit, counts));
        services.AddRateLimiter(rates => RequestRates.Configure(rates, access, audit, counts));
    }

    public void Secure(ListenOptions listen)
    {
        if (certificate is { } tls)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Options) });
        }
    }

    public void UseBeforeGuard(IApplicationBuilder app)
    {
        if (settings.Http.Proxy is not { } proxy)
        {
            return;
        }

        if (certificate is null && !settings.Http.IsLoopback)
        {
            app.Use((context, next) => ProxyIdentity.IsLocalOr(proxy, context.Connection.RemoteIpAddress) ? next(context) : RefuseDirectAsync(context));
        }

        if (settings.Access?.ProxyIdentity is { } identity)
        {
            app.Use(new ProxyIdentity(identity, proxy).TakeAsync);
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null, // as far as the named addresses lead
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxy.Addresses)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    public void UseAfterGuard(IApplicationBuilder app)
    {
        if (settings.Access is null)
        {
            return;
        }

        app.Use(new BoardTokenSignIn(Register, wrong, audit, counts, plan).AnswerAsync);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.Use(EndWithIdentityAsync);
        app.UseAuthorization();
    }

    /// <summary>Looks until told to stop.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Cadence, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Register.LookAgain();
                certificate?.LookAgain();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        audit.Dispose();
        wrong.Dispose();
    }

    private string SchemeOf(HttpContext context) =>
        ApiKeyHandler.KeyIn(context.Request.Headers) is not null ? AccessSchemes.Key
        : ProxyIdentity.IsNamed(context) ? AccessSchemes.Proxy
        : settings.Access?.Oidc is not null && context.Request.Cookies.ContainsKey(OidcSignIn.CookieName) ? AccessSchemes.Session
        : AccessSchemes.Board;

    private string CookieFolder()
    {
        var cookies = Path.Combine(folder, CookieKeys);
        StateFolder.Create(cookies);
        return cookies;
    }

    /// <summary>What is open ends with the key, token or session in whose name it was opened.</summary>
    private async Task EndWithIdentityAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.EntryId() is { } id)
        {
            if (used.TryAdd(id, true))
            {
                audit.Note("first_used", context.User.Audited(), "since the server started");
            }

            await using var end = Register.Ended(id).Register(static request => ((HttpContext)request!).Abort(), context);
            await next(context);
            return;
        }

        if (context.User.Identity?.AuthenticationType == AccessSchemes.Proxy && context.User.Audited() is { } person
            && used.Count < MostNoted && used.TryAdd($"{AccessSchemes.Proxy}:{person.Id}", true))
        {
            audit.Note("first_used", person, "since the server started, named by the proxy");
        }

        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } expires)
        {
            var left = expires - time.GetUtcNow();
            using var over = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            await using var end = over.Token.Register(static request => ((HttpContext)request!).Abort(), context);
            await next(context);
            return;
        }

        await next(context);
    }

    private Task RefuseDirectAsync(HttpContext context)
    {
        counts.Count(RefusedRequest.Access);
        return Problem.WriteAsync(context, StatusCodes.Status403Forbidden,
            "Without TLS only the proxy named under http.proxy is answered: ask it, or configure http.tls.");
    }
}
