using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The page in a real browser, fed by a scripted stream.</summary>
public sealed class WallboardTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";
    private readonly List<string> complaints = [];

    [Theory]
    [InlineData(1920, 1080, "")]
    [InlineData(390, 844, "")]
    [InlineData(1920, 1080, "?unit=" + PhoHien)]
    [InlineData(390, 844, "?unit=" + PhoHien)]
    [InlineData(1024, 768, "")]
    public async Task AnyScreen_NothingOverflowsSideways(int width, int height, string query)
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, query, width, height);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await SaveAsync(page, $"{width}x{height}{(query.Length > 0 ? "-unit" : "")}");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Wall_AllCommunesVisibleWithoutScrolling()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        var outside = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.tile')].filter(tile => {
              const box = tile.getBoundingClientRect();
              const clipped = [...tile.children].some(part => part.scrollWidth > part.clientWidth + 1 || part.getBoundingClientRect().bottom > box.bottom + 1);
              return clipped || box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight || box.height < 40;
            }).map(tile => tile.textContent)
            """);
        Assert.Empty(outside);
        await Expect(page.Locator(".tile")).ToHaveCountAsync(BoardFrames.CommuneCount);
        Assert.Equal(1080, await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
    }

    private async Task<IPage> OpenAsync(ScriptedBoard board, string query, int width = 1920, int height = 1080)
    {
        var page = await browser.OpenAsync(width, height, complaints);
        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        return page;
    }

    /// <summary>Keeps a picture for people to look at, where <c>KPISTREAM_PICTURES</c> names a folder.</summary>
    private static async Task SaveAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("KPISTREAM_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"board-{name}.png"), FullPage = true });
        }
    }
}
