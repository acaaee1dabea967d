using System.Diagnostics;
using System.Text.RegularExpressions;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Tests.Host.Serving.Access;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The page on a server with access: opened by a token, which is revoked, on a public board, and through a proxy whose server restarts.</summary>
[Trait("Category", "Browser")]
public sealed partial class AccessBoardTests(SharedAccessServer shared, WallboardBrowser browser)
    : IClassFixture<SharedAccessServer>, IClassFixture<WallboardBrowser>
{
    /// <summary>What issue and manual promise of a restart.</summary>
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(15);

    private readonly AccessServer server = shared.Server;

    [Fact]
    public async Task APageWhoseTokenIsRevoked_ShowsNoFigureAnyMore_AndSaysWhatToDo()
    {
        var page = await browser.OpenAsync(1280, 800, []);
        await page.GotoAsync(new Uri(server.Url, $"/board?token={await TokenAsync("revoked page", isPublic: false)}").ToString());
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync(Ratio());
        Assert.DoesNotContain("token", page.Url);
        Assert.Equal(ExitCode.Ok, server.Change.Revoke(AccessKind.Board, "revoked page"));
        await Expect(page.Locator("#wrong-heading")).ToHaveTextAsync("Hết quyền xem");
        await Expect(page.Locator("#wrong-text")).ToContainTextAsync("Mở lại bảng bằng địa chỉ mới được cấp");
        await Expect(page.Locator("#hero-value")).ToBeHiddenAsync();
        await Expect(page).ToHaveTitleAsync("Hết quyền xem");
    }

    [Fact]
    public async Task APublicBoard_ShowsNoSmallCount()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 3).Select(
            static number => CaseLines.Accepted($"H31-b{number}", AccessServer.OtherUnit, DateTimeOffset.UtcNow.AddHours(-2))));
        Assert.Equal(200, await server.StatusAsync("/api/v1/events", shared.Poster, HttpMethod.Post, lines));
        var page = await browser.OpenAsync(1280, 800, []);
        await page.GotoAsync(new Uri(server.Url, $"/board?screen=units&figure=received&token={await TokenAsync("public page", isPublic: true)}").ToString());
        var row = page.Locator($"#units-rows tr:has([href*='unit={AccessServer.OtherUnit}'])");
        await Expect(row).ToContainTextAsync("Số nhỏ, không công bố");
        await Expect(row).Not.ToContainTextAsync("3");
        await page.GotoAsync(new Uri(server.Url, "/board?screen=units&figure=fully_online").ToString());
        await Expect(row).ToContainTextAsync("Số nhỏ, không công bố");
        await Expect(page.Locator("#funnel .point")).ToHaveCountAsync(0); // where a point lies tells its count
    }

    [Fact]
    public async Task AServerThatRestartsBehindNginx_IsFollowedAgainInTime_WithoutReload()
    {
        using var folder = new TemporaryFolder();
        using var kept = new TemporaryFolder();
        var (port, front) = (FreePorts.Take(), FreePorts.Take());
        Settings Behind(Settings settings, TemporaryFolder _) => settings with
        {
            Access = null,
            Http = new HttpSettings { Port = port, AllowedHosts = ["127.0.0.1"], Proxy = new ProxySettings([IPNetwork.Parse("127.0.0.1/32")]) },
            Log = new LogSettings(kept.File("log")),
        };
        await using var first = await AccessServer.StartAsync(Behind);
        await using var nginx = await NginxProxy.StartAsync(folder, front, first.Url, name: null);
        var page = await browser.OpenAsync(1280, 800, []);
        await page.GotoAsync($"http://127.0.0.1:{front}/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", Connected());
        await page.EvaluateAsync("window.isTheSamePage = true");
        await first.StopAsync();
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "lost");
        Assert.Equal(HttpStatusCode.BadGateway, (await new HttpClient().GetAsync($"http://127.0.0.1:{front}/board")).StatusCode);

        await using var second = await AccessServer.StartAsync(Behind);
        var waited = Stopwatch.StartNew();
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", Connected());
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, BackWithin);
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSamePage"));
    }

    [GeneratedRegex("^(?:live|stale|empty)$", RegexOptions.None, 1_000)]
    private static partial Regex Connected();

    [GeneratedRegex(@"^(?:–|\d[\d,]* %)$", RegexOptions.None, 1_000)]
    private static partial Regex Ratio();

    private async Task<string> TokenAsync(string name, bool isPublic)
    {
        var token = server.Change.Create(AccessKind.Board, name, null, entry => entry with { Unit = AccessServer.Province, Public = isPublic })!;
        await server.KnowsAsync(AccessKind.Board, token);
        return token;
    }
}
