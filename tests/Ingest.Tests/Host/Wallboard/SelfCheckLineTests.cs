using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>What the trust line says of the last recount of the log.</summary>
[Trait("Category", "Browser")]
public sealed class SelfCheckLineTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private static readonly (string Verdict, string Text, string? Tone)[] Verdicts =
    [
        ("pending", "Đếm lại từ nhật ký chưa thực hiện", null),
        ("equal", "Đếm lại từ nhật ký khớp · phường Phố Hiến ngày 15/7/2025 · lúc 10:32", "good"),
        ("different", "Đếm lại từ nhật ký LỆCH · phường Phố Hiến ngày 15/7/2025 · lúc 10:32 · Tỷ lệ hồ sơ trực tuyến "
            + "toàn trình: bảng 1.091/1.120, nhật ký 1.090/1.120", "bad"),
        ("damaged", "Đếm lại từ nhật ký phát hiện hỏng · lúc 10:32", "bad"),
        ("incomplete", "Đếm lại từ nhật ký không còn đủ để đếm · lúc 10:32", "soon"),
        ("something_new", "Đếm lại từ nhật ký something_new · lúc 10:32", "soon"),
    ];

    [Fact]
    public async Task AnyVerdict_IsSaidInWords_AndNothingOverflows()
    {
        var frame = BoardFrames.Frame();
        frame["trust"]!["selfCheck"] = null;
        await using var board = await ScriptedBoard.StartAsync(frame);
        var complaints = new List<string>();
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("#trust .version").First).ToBeVisibleAsync();
        var line = page.Locator("#trust .self-check");
        await Expect(line).ToHaveCountAsync(0); // without a log to count again nothing is said of it
        foreach (var (width, height) in ((int, int)[])[(1920, 1080), (390, 844)])
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var (verdict, text, tone) in Verdicts)
            {
                frame["trust"]!["selfCheck"] = BoardFrames.SelfCheck(verdict);
                board.Say(frame);
                await Expect(line).ToHaveTextAsync(text);
                Assert.Equal(tone, await line.GetAttributeAsync("data-tone"));
                Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
                Assert.True(width < 1000 || await page.EvaluateAsync<int>("document.documentElement.scrollHeight") == height, "the wall scrolls");
                await SaveAsync(page, line, $"{verdict}-{width}");
            }
        }

        Assert.Empty(complaints);
    }

    private static async Task SaveAsync(IPage page, ILocator line, string name)
    {
        if (Environment.GetEnvironmentVariable("KPISTREAM_PICTURES") is { Length: > 0 } folder)
        {
            await line.ScrollIntoViewIfNeededAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"trust-{name}.png") });
        }
    }
}
