using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// A province whose sources never state the citizen's presence and send codes of no directory: groups apart, nothing cut off, and the reason said.
/// </summary>
[Trait("Category", "Browser")]
public sealed class BoardGroupsTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const int MostTiles = 50;

    [Fact]
    public async Task CommunesDepartmentsAndUnlistedCodes_AreApartAndNothingIsCutOff()
    {
        await using var board = await ScriptedBoard.StartAsync(Frame(1));
        var complaints = new List<string>();
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        foreach (var (width, height) in ((int, int)[])[(1920, 1080), (1080, 1920), (390, 844)])
        {
            await page.SetViewportSizeAsync(width, height);
            board.Say(Frame(1));
            await AssertApartAsync(page, width, 1, "1 mã ngoài danh mục: 12.345 hồ sơ", "");
            board.Say(Frame(60));
            var more = width < 700 ? "và 10 mã khác, 10 hồ sơ" : "và 57 mã khác, 57 hồ sơ";
            await AssertApartAsync(page, width, 60, "60 mã ngoài danh mục: 12.404 hồ sơ", more);
        }

        Assert.Empty(complaints);
    }

    private static async Task AssertApartAsync(IPage page, int width, int codes, string heading, string more)
    {
        await Expect(page.Locator("#communes-name")).ToHaveTextAsync("104 xã, phường");
        await Expect(page.Locator("#offices-name")).ToHaveTextAsync("13 sở, ban, ngành");
        await Expect(page.Locator("#unlisted-name")).ToHaveTextAsync(heading);
        await Expect(page.Locator("#unlisted .tile")).ToHaveCountAsync(Math.Min(codes, MostTiles));
        await Expect(page.Locator("#unlisted .more-codes:visible")).ToHaveTextAsync(more.Length == 0 ? [] : [more]);
        await Expect(page.Locator("#hero-note")).ToContainTextAsync("(nguồn không gửi: hình thức trả, có mặt)");
        await Expect(page.Locator("#tiles .tile").First)
            .ToHaveAttributeAsync("title", "Quá nửa số hồ sơ chưa ghi nhận đủ: 100/100 (nguồn không gửi: hình thức trả, có mặt)");
        await Expect(page.Locator("#today")).ToContainTextAsync("Hồ sơ tiếp nhận");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(BoardLayout.Faults));
    }

    private static JsonObject Frame(int codes)
    {
        var frame = BoardFrames.Frame();
        frame["figures"]![0]!["neverSent"] = new JsonArray("returned_remotely", "no_presence");
        frame["headline"]!["fully_online"] = Unobserved(52_517);
        foreach (var unit in frame["units"]!.AsArray())
        {
            unit!["cells"]!["fully_online"] = Unobserved(100);
        }

        for (var i = 0; i < codes; i++)
        {
            frame["units"]!.AsArray().Add(Unlisted($"H31.9{i:00}", i == 0 ? 12_345 : 1));
        }

        return frame;
    }

    private static JsonObject Unobserved(int d) => new()
    {
        ["d"] = d,
        ["n"] = 0,
        ["v"] = 0,
        ["lo"] = 0,
        ["hi"] = 0.01,
        ["s"] = "not_observed",
        ["u"] = d,
        ["most"] = 1,
        ["x"] = 24,
    };

    private static JsonObject Unlisted(string code, int cases) => new()
    {
        ["code"] = code,
        ["name"] = code,
        ["kind"] = "ngoài danh mục",
        ["known"] = false,
        ["cells"] = new JsonObject { ["fully_online"] = Unobserved(cases) },
    };
}
