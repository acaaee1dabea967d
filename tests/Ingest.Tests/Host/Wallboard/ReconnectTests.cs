using System.Diagnostics;
using KpiStream.Ingest.Tests.Host.Serving.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>A page that nobody sees to survives a server that is away, a proxy that answers for it, a file that did not come, a damaged message.</summary>
[Trait("Category", "Browser")]
public sealed class ReconnectTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    /// <summary>The back-off is at its longest when the server returns.</summary>
    [Fact]
    public async Task BehindNginx_That502sUntilTheServerIsBack_ThePagePaintsWithin15Seconds()
    {
        using var folder = new TemporaryFolder();
        var (server, port) = (new Uri($"http://127.0.0.1:{FreePorts.Take()}"), FreePorts.Take());
        await using var nginx = await NginxProxy.StartAsync(folder, port, server, name: null);
        var page = await browser.OpenAsync(1920, 1080, []);
        var statuses = new List<int>();
        page.Response += (_, answer) => statuses.Add(answer.Url.EndsWith("/api/v1/stream") ? answer.Status : 0);
        await using (await ScriptedBoard.StartAsync(Shows(200, 160), server))
        {
            await page.GotoAsync($"http://127.0.0.1:{port}/board");
            await Expect(page.Locator("#hero-value")).ToHaveTextAsync("80,0 %");
            await page.EvaluateAsync("window.sameDocument = true");
        }

        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "lost");
        await Expect(page.Locator("#hero-state")).ToHaveTextAsync("Số liệu cũ, không đánh giá");
        await AccessServer.UntilAsync(() => Task.FromResult(statuses.Count(static status => status == 502) >= 4));
        var begun = Stopwatch.GetTimestamp();
        await using var again = await ScriptedBoard.StartAsync(Shows(200, 100), server);
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("50,0 %");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, Within);
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
    }

    [Fact]
    public async Task AFileOfThePage_ThatDoesNotCome_ThePageIsLoadedAgainUntilItDoes_AndThenNoMore()
    {
        await using var board = await ScriptedBoard.StartAsync(Shows(200, 160));
        var page = await browser.OpenAsync(1920, 1080, [], ownWindow: true);
        await page.Clock.InstallAsync();
        var (pages, left) = (0, 2);
        page.Request += (_, request) => pages += request.IsNavigationRequest ? 1 : 0;
        await page.RouteAsync("**/board/feed.js", route =>
            left-- > 0 ? route.FulfillAsync(new() { Status = 502, Body = "Bad Gateway" }) : route.ContinueAsync());
        await page.GotoAsync(board.Url + "/board");
        await AccessServer.UntilAsync(async () =>
        {
            await page.Clock.RunForAsync(1_000);
            return left < 0;
        });
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("80,0 %");
        await page.Clock.FastForwardAsync(60_000);
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("80,0 %");
        Assert.Equal(3, pages);
    }

    /// <summary>A proxy may keep an old page: loading it again would not help, and a wall that blinks helps nobody.</summary>
    [Fact]
    public async Task AnotherBuild_IsLoadedExactlyOnce_AndOnceMoreForTheNext()
    {
        var frame = Shows(200, 160);
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await browser.OpenAsync(1920, 1080, [], ownWindow: true);
        await page.Clock.InstallAsync();
        var pages = 0;
        page.Request += (_, request) => pages += request.IsNavigationRequest ? 1 : 0;
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("80,0 %");
        foreach (var (build, loaded) in ((string, int)[])[("second", 2), ("third", 3)])
        {
            frame["pageVersion"] = build;
            board.Say("frame", frame);
            await AccessServer.UntilAsync(async () =>
            {
                await page.Clock.RunForAsync(1_000);
                return pages == loaded;
            });
            for (var times = 0; times < 5; times++)
            {
                await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
                board.Say("frame", frame);
                await page.Clock.RunForAsync(4_000);
            }

            Assert.Equal(loaded, pages);
        }
    }

    /// <summary>Rows laid over something else than the frame they belong to would be wrong for as long as the wall hangs.</summary>
    [Theory]
    [InlineData("event: delta\ndata: {\"kind\":\"delta\",\"headline\":\n\n")]
    [InlineData("event: delta\ndata: \ufffd\n\n")]
    public async Task AMessageThatMakesNoSense_TheWholeFrameIsAskedFor(string damaged)
    {
        await using var board = await ScriptedBoard.StartAsync(Shows(200, 160));
        var page = await browser.OpenAsync(1920, 1080, [], ownWindow: true);
        await page.Clock.InstallAsync();
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("80,0 %");
        board.Greeting = Shows(200, 100);
        await page.Clock.RunForAsync(2_000);
        board.SayRaw(damaged);
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("50,0 %");
        Assert.Equal(2, board.Asked.Count);
    }

    [Fact]
    public async Task RowsBeforeAnyFrame_AreLeft_AndTheWholeFrameIsAskedFor()
    {
        await using var board = await ScriptedBoard.StartAsync(null);
        var page = await browser.OpenAsync(1920, 1080, []);
        await page.GotoAsync(board.Url + "/board");
        await board.UntilAsync(static board => board.Connections == 1);
        board.Greeting = Shows(200, 100);
        await AccessServer.UntilAsync(async () =>
        {
            board.Say(BoardFrames.Delta(Shows(200, 100)));
            return await page.Locator("#hero-value").TextContentAsync() == "50,0\u00a0%";
        });
        Assert.InRange(board.Asked.Count, 2, 3);
    }

    private static JsonObject Shows(int d, int n)
    {
        var frame = BoardFrames.FewUnits();
        frame["headline"]!["fully_online"] = BoardFrames.Cell(d, n, 0.7);
        return frame;
    }
}
