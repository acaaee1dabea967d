using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>What comes out of a printer.</summary>
[Trait("Category", "Browser")]
public sealed class PrintedBoardTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    [Theory]
    [InlineData("", 1920, 1080)]
    [InlineData("", 390, 844)]
    [InlineData("?screen=units", 1920, 1080)]
    public async Task Page_IsOneSheetOfA4_InkOnWhite(string query, int width, int height)
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var complaints = new List<string>();
        var page = await browser.OpenAsync(width, height, complaints);
        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        var sheet = Encoding.Latin1.GetString(await page.PdfAsync(new() { PrintBackground = true, PreferCSSPageSize = true }));
        Assert.Single(Regex.Matches(sheet, @"/Type\s*/Page\b", RegexOptions.None, TimeSpan.FromSeconds(5)));
        Assert.Matches(@"/MediaBox\s*\[0 0 84[12]\.\d+ 595\.\d+\]", sheet);

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.Locator(".head").EvaluateAsync<string>("head => getComputedStyle(head).backgroundColor"));
        Assert.Equal("rgb(18, 32, 58)", await page.Locator("#hero-value").EvaluateAsync<string>("value => getComputedStyle(value).color"));
        await Expect(page.Locator("button:visible")).ToHaveCountAsync(query.Length == 0 ? 0 : 7); // the table's headings stay
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task WithoutScripts_ThePageSaysSo()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, [], javaScript: false);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.GetByText("Trang này cần JavaScript để hiển thị số liệu.")).ToBeInViewportAsync();
    }
}
