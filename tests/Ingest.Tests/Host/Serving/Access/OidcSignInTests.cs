using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>People sign in at a real OpenID Connect provider, with a code and PKCE.</summary>
public sealed class OidcSignInTests
{
    private const string Html = "Accept: text/html";

    [Fact]
    public async Task APerson_SignsInAtTheProvider_AndMayDoWhatTheRolesMean()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var server = await StartAsync(provider, OidcProvider.Secret);
        using (var leader = await SignInAsync(server, "/board?screen=units", "/board?screen=units"))
        {
            Assert.Equal((200, 200, 200), ((await leader.ReadAsync("/board")).Status, (await leader.ReadAsync("/metrics")).Status,
                (await leader.ReadAsync("/api/v1/figures?kpi=arisen")).Status));
            Assert.Equal(403, await AcknowledgeAsync(leader));
            Assert.Equal(200, (await leader.ReadAsync("/sign-out")).Status);
            Assert.Equal(401, (await leader.ReadAsync("/metrics")).Status);
        }

        provider.Person = ("u-2", "Trần Thị Bình", ["other", "operators"]);
        using (var operates = await SignInAsync(server, "/board", "/board"))
        {
            Assert.Equal(200, await AcknowledgeAsync(operates));
        }

        provider.Person = ("u-3", "Khách", ["other"]);
        using (var guest = await SignInAsync(server, "/board", "/board"))
        {
            using var page = await guest.AskAsync("/board", headers: Html);
            Assert.Equal((HttpStatusCode.Forbidden, true), (page.StatusCode, (await page.Content.ReadAsStringAsync()).Contains("không được xem")));
        }

        var audit = server.Audit().Select(static line => $"{line["act"]} {line["kind"]} {line["id"]} {line["name"]} {line["what"]}").ToList();
        Assert.Contains("signed_in person u-1 Nguyễn Văn An read", audit);
        Assert.Contains("signed_in person u-2 Trần Thị Bình operate", audit);
        Assert.Contains("signed_in person u-3 Khách without a role", audit);
        Assert.Contains("operated person u-2 Trần Thị Bình POST /api/v1/gaps/acknowledge", audit);
    }

    [Fact]
    public async Task ASignInThatIsNotOurs_OrThatTheProviderRefuses_LetsNobodyIn_AndIsSaid()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var server = await StartAsync(provider, "not the secret");
        using var browser = new Browser(server.Url);
        using var forged = await browser.AskAsync("/signin-oidc?code=x&state=y");
        Assert.Equal((HttpStatusCode.Unauthorized, true),
            (forged.StatusCode, (await forged.Content.ReadAsStringAsync()).Contains("Đăng nhập không thành công")));
        using var back = await ComeBackAsync(browser, "/board");
        Assert.Equal(HttpStatusCode.Unauthorized, back.StatusCode);
        Assert.Equal(401, (await browser.ReadAsync("/metrics")).Status);
        Assert.Equal(2, server.Audit().Count(static line => ((string?)line["what"])?.StartsWith("sign-in failed") == true));
        Assert.DoesNotContain(browser.Cookies, static cookie => cookie.Name == OidcSignIn.CookieName);
    }

    [Fact]
    public async Task AProviderThatIsAway_IsSaid_AndKeysAndTokensStillWork()
    {
        var provider = await OidcProvider.StartAsync();
        await provider.DisposeAsync();
        await using var server = await StartAsync(provider, OidcProvider.Secret);
        var key = await server.CreateKeyAsync("reader", AccessRole.Read);
        using var browser = new Browser(server.Url);
        using var page = await browser.AskAsync("/board", headers: Html);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true),
            (page.StatusCode, (await page.Content.ReadAsStringAsync()).Contains("Không kết nối được máy chủ đăng nhập")));
        Assert.Equal(200, (await browser.ReadAsync("/board", key)).Status);
    }

    private static Task<AccessServer> StartAsync(OidcProvider provider, string secret) => AccessServer.StartAsync((settings, folder) =>
    {
        File.WriteAllText(folder.File("secret"), secret + "\n");
        return settings with
        {
            Access = new AccessSettings
            {
                Oidc = new OidcSettings(provider.Url, OidcProvider.ClientId)
                {
                    ClientSecretFile = folder.File("secret"),
                    RolesClaim = "groups",
                    Roles = new Dictionary<string, AccessRole> { ["leaders"] = AccessRole.Read, ["operators"] = AccessRole.Operate },
                },
            },
        };
    });

    private static async Task<Browser> SignInAsync(AccessServer server, string address, string backAt)
    {
        var browser = new Browser(server.Url);
        using var back = await ComeBackAsync(browser, address);
        Assert.Equal(backAt, back.Headers.Location!.OriginalString.Replace(server.Url.GetLeftPart(UriPartial.Authority), ""));
        var session = Assert.Single(back.Headers.GetValues("Set-Cookie"), static cookie => cookie.StartsWith(OidcSignIn.CookieName));
        Assert.Contains("; httponly", session);
        return browser;
    }

    /// <summary>Goes where the board sends a browser, and from there back with what the provider handed out.</summary>
    private static async Task<HttpResponseMessage> ComeBackAsync(Browser browser, string address)
    {
        using var sent = await browser.AskAsync(address, headers: Html);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Contains("code_challenge_method=S256", sent.Headers.Location!.Query);
        using var there = new Browser(new Uri(sent.Headers.Location.GetLeftPart(UriPartial.Authority)));
        using var handed = await there.AskAsync(sent.Headers.Location.PathAndQuery);
        Assert.Equal(HttpStatusCode.Redirect, handed.StatusCode);
        return await browser.AskAsync(handed.Headers.Location!.PathAndQuery);
    }

    private static async Task<int> AcknowledgeAsync(Browser browser)
    {
        using var answer = await browser.AskAsync("/api/v1/gaps/acknowledge", method: HttpMethod.Post, body: """{"by": "An"}""");
        return (int)answer.StatusCode;
    }
}
