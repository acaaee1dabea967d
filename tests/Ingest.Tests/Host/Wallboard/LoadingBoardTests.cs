using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>While the past is being read, hero and tiles say the same: "75,8 %" used to stand beside "chưa có số liệu".</summary>
[Trait("Category", "Browser")]
public sealed class LoadingBoardTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    [Fact]
    public async Task ThePastIsBeingRead_EveryTileSaysSoAndNothingIsJudged()
    {
        var frame = BoardFrames.Frame();
        (frame["caughtUp"], frame["phase"], frame["sourceState"]) = (false, "loading", "đang đọc lại dữ liệu");
        await using var board = await ScriptedBoard.StartAsync(frame);
        var complaints = new List<string>();
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "loading");
        await Expect(page.Locator("#banner-word")).ToHaveTextAsync("Đang đọc lại dữ liệu");
        await Expect(page.Locator("#hero-state")).ToHaveTextAsync("Đang đọc lại dữ liệu");
        await Expect(page.Locator("#hero-value")).Not.ToContainTextAsync("%");
        await Expect(page.Locator("#communes .tile-value")).ToHaveTextAsync(Enumerable.Repeat("đang đọc", frame["units"]!.AsArray().Count));
        Assert.Empty(complaints);

        (frame["caughtUp"], frame["phase"], frame["id"]) = (true, "live", 18);
        board.Say("frame", frame);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await Expect(page.Locator("#hero-value")).ToContainTextAsync("%");
    }
}
