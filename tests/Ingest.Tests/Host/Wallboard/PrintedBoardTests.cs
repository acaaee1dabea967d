using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>What comes out of a printer.</summary>
[Trait("Category", "Browser")]
public sealed class PrintedBoardTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private ScriptedBoard? board;

    public async ValueTask DisposeAsync() => await (board?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(390, 844)]
    public async Task Board_IsOneSheetOfA4_InkOnWhite(int width, int height)
    {
        var page = await OpenAsync("", width, height);
        var sheet = Encoding.Latin1.GetString(await page.PdfAsync(new() { PrintBackground = true, PreferCSSPageSize = true }));
        Assert.Equal(1, PagesOf(sheet));
        var box = Regex.Match(sheet, @"/MediaBox\s*\[\s*0 0 (?<width>\S+) (?<height>[^\s\]]+)", RegexOptions.None, Patience);
        Assert.Equal((842, 595), (Points(box.Groups["width"]), Points(box.Groups["height"])));

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.Locator(".head").EvaluateAsync<string>("head => getComputedStyle(head).backgroundColor"));
        Assert.Equal("rgb(18, 32, 58)", await page.Locator("#hero-value").EvaluateAsync<string>("value => getComputedStyle(value).color"));
        await Expect(page.Locator("button:visible")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task TableOfUnits_IsWholeOnSeveralSheets()
    {
        var page = await OpenAsync("?screen=units", 1920, 1080);
        Assert.InRange(PagesOf(Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true }))), 2, 5);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('body, .board, .units, .units-parts, .units-table')]"
            + ".filter(box => getComputedStyle(box).overflowY !== 'visible').length"));
    }

    [Fact]
    public async Task WithoutScripts_ThePageSaysSo()
    {
        await using var plain = await ScriptedBoard.StartAsync(null);
        var page = await browser.OpenAsync(1920, 1080, [], javaScript: false);
        await page.GotoAsync(plain.Url + "/board");
        await Expect(page.Locator(".no-script")).ToBeInViewportAsync();
    }

    private static int PagesOf(string sheet) => Regex.Count(sheet, @"/Type\s*/Page\b", RegexOptions.None, Patience);

    private static int Points(Group number) => (int)Math.Round(double.Parse(number.Value));

    private async Task<IPage> OpenAsync(string query, int width, int height)
    {
        board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(width, height, []);
        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        return page;
    }
}
