using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>Forwarded headers are believed of the named proxy and of nobody else.</summary>
public sealed class ProxyHeaderTests
{
    private const string Name = "kpi.example.vn";
    private static readonly string[] Forwarded = ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", $"X-Forwarded-Host: {Name}"];

    [Fact]
    public async Task ANamedProxy_IsBelieved()
    {
        await using var server = await StartAsync("127.0.0.0/8", "127.0.0.1");
        var (status, cookie) = await OpenAsync(server, Forwarded);
        Assert.Equal((302, true), (status, cookie.Contains("; secure")));

        // The name that was passed on counts, and not the proxy's own.
        using var browser = new Browser(server.Url);
        using var other = await browser.AskAsync("/health/live", headers: ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Host: evil.example"]);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, other.StatusCode);

        // What the client itself wrote in front of the proxy's own word counts as little.
        using var chained = await browser.AskAsync(
            "/health/live", headers: ["X-Forwarded-For: 127.0.0.1, 192.0.2.7", "X-Forwarded-Host: localhost, evil.example"]);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, chained.StatusCode);
    }

    [Fact]
    public async Task AnybodyElse_IsNotBelieved()
    {
        await using var server = await StartAsync("10.9.9.9/32", "127.0.0.1");
        var (status, cookie) = await OpenAsync(server, Forwarded);
        Assert.Equal((302, false), (status, cookie.Contains("; secure")));
        using var browser = new Browser(server.Url);
        using var renamed = await browser.AskAsync("/health/live", headers: ["Host: evil.example", $"X-Forwarded-Host: {Name}"]);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, renamed.StatusCode);
    }

    [Fact]
    public async Task WithoutTls_OnlyTheNamedProxyAndThisMachineAreAnswered()
    {
        var own = Reachable.OwnAddress();
        Assert.SkipWhen(own is null, "this machine has no address besides its loopback");
        await using var server = await StartAsync("10.9.9.9/32", "0.0.0.0");
        using var outside = new Browser(new UriBuilder(server.Url) { Host = own!.ToString() }.Uri);
        var (status, text) = await outside.ReadAsync("/health/live");
        Assert.Equal((403, true), (status, text.Contains("http.proxy")));
        using var inside = new Browser(server.Url);
        Assert.Equal(200, (await inside.ReadAsync("/health/live")).Status);
    }

    [Fact]
    public async Task APersonWhomTheProxyNames_MayDoWhatTheirGroupsMay()
    {
        await using var server = await StartAsync("127.0.0.0/8", "127.0.0.1");
        using var browser = new Browser(server.Url);
        async Task<int> AskAsync(HttpMethod method, string path, params string[] headers)
        {
            using var answer = await browser.AskAsync(path, method: method, headers: headers);
            return (int)answer.StatusCode;
        }

        Assert.Equal(401, await AskAsync(HttpMethod.Get, "/metrics"));
        Assert.Equal(401, await AskAsync(HttpMethod.Get, "/metrics", "X-Forwarded-Groups: van-hanh"));
        Assert.Equal(403, await AskAsync(HttpMethod.Get, "/metrics", "X-Forwarded-User: lan", "X-Forwarded-Groups: khach"));
        Assert.Equal(403, await AskAsync(HttpMethod.Get, "/metrics", "X-Forwarded-User: lan"));
        Assert.Equal(200, await AskAsync(HttpMethod.Get, "/metrics", "X-Forwarded-User: lan", "X-Forwarded-Groups: khach, lanh-dao"));
        Assert.Equal(403, await AskAsync(HttpMethod.Post, "/api/v1/gaps/acknowledge", "X-Forwarded-User: lan", "X-Forwarded-Groups: lanh-dao"));
        string[] operates = ["X-Forwarded-User: minh", "X-Forwarded-Groups: van-hanh"];
        Assert.Equal(401, await AskAsync(HttpMethod.Post, "/api/v1/gaps/acknowledge", [.. operates, "Sec-Fetch-Site: cross-site"]));
        Assert.NotInRange(await AskAsync(HttpMethod.Post, "/api/v1/gaps/acknowledge", operates), 401, 403);

        // A key goes before a name.
        Assert.Equal(401, await AskAsync(HttpMethod.Get, "/metrics", [.. operates, "X-Api-Key: wrong"]));

        var audit = await File.ReadAllTextAsync(Path.Combine(AccessParts.FolderOf(server.Settings), "access-audit.ndjson"));
        Assert.Contains("\"minh\"", audit.Split('\n').Single(line => line.Contains("operated")));
    }

    [Fact]
    public async Task WhatAnybodyElseSaysOfWhoTheyAre_IsNotLookedAt()
    {
        await using var server = await StartAsync("10.9.9.9/32", "127.0.0.1");
        using var browser = new Browser(server.Url);
        using var answer = await browser.AskAsync("/metrics", headers: ["X-Forwarded-User: minh", "X-Forwarded-Groups: van-hanh"]);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static Task<AccessServer> StartAsync(string proxy, string listen) => AccessServer.StartAsync((settings, _) =>
    {
        new AccessChange(settings, Shipped.Units("hungyen"), TimeProvider.System).Create(
            AccessKind.Key, "first", null, static entry => entry);
        return settings with
        {
            Access = settings.Access! with
            {
                ProxyIdentity = new ProxyIdentitySettings
                {
                    Roles = new Dictionary<string, AccessRole> { ["lanh-dao"] = AccessRole.Read, ["van-hanh"] = AccessRole.Operate },
                },
            },
            Http = new HttpSettings { Port = 0, Listen = listen, AllowedHosts = [Name], Proxy = new ProxySettings([IPNetwork.Parse(proxy)]) },
        };
    });

    private static async Task<(int Status, string Cookie)> OpenAsync(AccessServer server, string[] headers)
    {
        var token = server.Change.Create(
            AccessKind.Board, "wall", null, static entry => entry with { Unit = AccessServer.Province })!;
        await server.KnowsAsync(AccessKind.Board, token);
        using var browser = new Browser(server.Url);
        using var answer = await browser.AskAsync($"/board?token={token}", headers: headers);
        return ((int)answer.StatusCode, string.Join('\n', answer.Headers.GetValues("Set-Cookie")));
    }
}
