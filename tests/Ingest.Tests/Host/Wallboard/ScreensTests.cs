using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The screens of the board and the ways between them: links, keys, rotation, languages, distances.</summary>
[Trait("Category", "Browser")]
public sealed class ScreensTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";

    private readonly List<string> complaints = [];

    [Fact]
    public async Task LinksAndKeys_LeadToEveryScreenWithoutLoadingThePageAgain()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        await page.EvaluateAsync("window.sameDocument = true");
        (string Key, string View, string Shown)[] screens =
        [
            ("2", "units", "#units-rows tr"), ("3", "low", "#pace tr"), ("4", "alerts", "#alarms-list li"), ("5", "figures", "#cards .card"),
            ("1", "province", "#tiles .tile"),
        ];
        foreach (var (key, view, shown) in screens)
        {
            await page.Keyboard.PressAsync(key);
            await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", view);
            await Expect(page.Locator(shown).First).ToBeVisibleAsync();
            await Expect(page.Locator("#screens [aria-current=page]")).ToHaveCountAsync(1);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Ít phát sinh" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(Matching("screen=low$"));
        await page.GoBackAsync();
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", "province");
        foreach (var theme in (string[])["dark", "light"])
        {
            await page.Keyboard.PressAsync("t");
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
        }

        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#units-find")).ToBeFocusedAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("l");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task ATile_OpensItsUnitWithWhatIsBehindIt_AndWhyTakesItsRatioApart()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        await page.Locator($"#tiles [href$='unit={PhoHien}']").ClickAsync();
        await Expect(page.Locator("#unit-name")).ToHaveTextAsync("Phường Phố Hiến · mã 11953");
        await Expect(page.Locator("#behind-why tr").First).ToContainTextAsync("Không nộp trực tuyến");
        await Expect(page.Locator("#behind-trend svg")).ToHaveAttributeAsync("aria-label", Matching("^12 tuần: "));
        await Expect(page.Locator("#overdue tr")).ToHaveCountAsync(20);
        await Expect(page.Locator("#overdue-note")).ToHaveTextAsync("và 1 hồ sơ khác");
        await Expect(page.Locator("#predecessors")).ToHaveTextAsync("phường An Tảo");

        await page.Locator("#cards .card-why").First.ClickAsync();
        await Expect(page.Locator("#why-name")).ToHaveTextAsync("Tỷ lệ hồ sơ trực tuyến toàn trình · Phường Phố Hiến");
        Assert.Equal(await page.InnerTextAsync("#hero-value"), await page.InnerTextAsync("#why-value"));
        await Expect(page.Locator("#why-sets tr").Last).ToContainTextAsync("Thiếu: nộp trực tuyến + không phải đến");
        await Expect(page.Locator("#why-count li").Nth(1)).ToHaveTextAsync("Nộp phí qua Cổng DVCQG hoặc không phải nộp phí");
        await Expect(page.Locator("#why-basis")).ToContainTextAsync("Quyết định");

        // The exact sets and the cases of the numerator are all cases.
        Assert.Equal(
            "0",
            await page.EvaluateAsync<string>(
                """
                () => {
                  const number = text => Number(text.replaceAll('.', ''));
                  const counts = [...document.querySelectorAll('#why-counts td')].map(cell => number(cell.textContent));
                  const sets = [...document.querySelectorAll('#why-sets td:nth-child(2)')].map(cell => number(cell.textContent));
                  return String(counts[1] - counts[0] - sets.reduce((sum, each) => sum + each, 0));
                }
                """));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task LowVolume_SilentCommunesComeFirstAndEachIsComparedWithItself()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "?screen=low");
        await Expect(page.Locator("#pace tr")).ToHaveCountAsync(BoardFrames.CommuneCount);
        await Expect(page.Locator("#pace tr .state").First).ToHaveTextAsync("Im lặng");
        var states = await page.Locator("#pace .state").AllTextContentsAsync();
        Assert.Equal(["Im lặng", "Chậm hẳn", "Quá ít để so"], states.Distinct());
        await Expect(page.Locator("#pace-count")).ToHaveTextAsync(
            $"{states.Count(state => state == "Im lặng")} im lặng · {states.Count(state => state == "Chậm hẳn")} chậm hẳn · "
                + $"{states.Count(state => state == "Quá ít để so")} quá ít để so");
    }

    [Fact]
    public async Task TheWayBack_LeadsToWhatTheBoardIsAbout()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Nation());
        var page = await OpenAsync(board, "?screen=units");
        await Expect(page.Locator("#units-back")).ToHaveTextAsync("← Cả nước");
        await Expect(page.Locator("#units-back")).ToHaveAttributeAsync("href", "/board");
    }

    [Fact]
    public async Task Alerts_AllOfThemAreListedByCause()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "?screen=alerts");
        await Expect(page.Locator("#alarms-list li")).ToHaveCountAsync(frame["alerts"]!.AsArray().Count);
        await Expect(page.Locator("#alarms-list h3").First).ToContainTextAsync("Dưới chỉ tiêu · Tỷ lệ hồ sơ trực tuyến toàn trình");
    }

    [Fact]
    public async Task Rotation_TurnsPausesAndGoesOnWithoutLoadingThePageAgain()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, complaints, ownWindow: true);
        await page.Clock.InstallAsync();
        await page.GotoAsync(board.Url + "/board?rotate=province,alerts,low&every=10");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await page.EvaluateAsync("window.sameDocument = true");
        await Expect(page.Locator("#turning")).ToContainTextAsync("Luân phiên 10 giây");
        foreach (var view in (string[])["alerts", "low", "province", "alerts"])
        {
            await page.Clock.RunForAsync(10_000);
            await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", view);
        }

        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#turning")).ToContainTextAsync("Đã dừng luân phiên");
        await page.Clock.RunForAsync(30_000);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", "alerts");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", "province");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", "alerts");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
        Assert.Contains("rotate=province,alerts,low", page.Url);
    }

    [Fact]
    public async Task English_NoVietnameseIsLeftExceptNamesAndDocuments()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await browser.OpenAsync(1920, 1080, complaints);
        foreach (var query in (string[])
            ["?lang=en", "?lang=en&screen=units", "?lang=en&screen=low", "?lang=en&screen=alerts", "?lang=en&screen=figures", "?lang=en&screen=why"])
        {
            await page.GotoAsync(board.Url + "/board" + query);
            await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
            await Expect(page.Locator("#age")).ToHaveTextAsync(Matching("^Data as of 10:42:07, [0-9]+ s ago$"));
            var left = await page.EvaluateAsync<string[]>(
                """
                () => {
                  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                  const left = [];
                  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                    const parent = node.parentElement;
                    if (parent.closest('[lang=vi], .tile-name, .low li, .alert-head b, #pace th, #units-rows th, #hero-place, #office, noscript')) continue;
                    if (parent.closest('#predecessors, .name, #help-options, #funnel title, .alarm-head a, .alarm-marks, #why-name, #unit-name')) continue;
                    if (parent.closest('#why-trust td, .self-check, .wrong')) continue;
                    if (/[àáãạảăâèéẹêìíịòóôơùúưđýỳ\u1ea0-\u1ef9]/i.test(node.data)) left.push(node.data);
                  }
                  return left;
                }
                """);
            Assert.Empty(left);
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task EightMetres_ShowsFewerTilesLargerAndCountsTheRest()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "?distance=8");
        await page.WaitForFunctionAsync("""
            () => {
              const bottom = document.getElementById('tiles').getBoundingClientRect().bottom;
              const shown = [...document.querySelectorAll('#tiles li')].filter(tile => !tile.hidden);
              return document.querySelector('#trust li') && shown.length > 0 && shown.every(tile => tile.getBoundingClientRect().bottom <= bottom + 1);
            }
            """);
        var shown = await page.Locator("#tiles .tile:visible").CountAsync();
        Assert.InRange(shown, 8, 60);
        await Expect(page.Locator("#tiles-more")).ToHaveTextAsync($"và {BoardFrames.CommuneCount - shown} đơn vị khác");
        Assert.InRange(await SmallestTextAsync(page), PixelsAt(8), 100);
        Assert.Equal(1080, await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
    }

    [Fact]
    public async Task FiveMetres_NoTextIsUnderFiveMinutesOfArc()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, complaints);
        foreach (var screen in (string[])["province", "units", "low", "alerts", "figures", "why"])
        {
            await page.GotoAsync($"{board.Url}/board?screen={screen}");
            await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
            Assert.InRange(await SmallestTextAsync(page), PixelsAt(5), 100);
            Assert.Equal((1920, 1080), (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"),
                await page.EvaluateAsync<int>("document.documentElement.scrollHeight")));
        }
    }

    [Fact]
    public async Task AnotherBuildOfThePage_IsLoadedOnceAndNotAgain()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        await page.EvaluateAsync("window.sameDocument = true");
        var newer = (JsonObject)frame.DeepClone();
        newer["pageVersion"] = "of another build";
        board.Greeting = newer;
        board.Say(newer);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await page.WaitForFunctionAsync("() => !window.sameDocument"); // Within ten seconds: all screens of a province do not come at once.
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await page.EvaluateAsync("window.sameDocument = true");
        board.Say(newer);
        await Expect(page.Locator("#hero-value")).Not.ToHaveTextAsync("");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
    }

    [Fact]
    public async Task APaintedFrame_IsReportedEveryMinuteWithTheSameScreen()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, complaints, ownWindow: true);
        await page.Clock.InstallAsync();
        await page.GotoAsync(board.Url + "/board?screen=units&wall=hall-1&find=nothing");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await page.Clock.RunForAsync(61_000);
        await board.UntilAsync(static board => !board.Reports.IsEmpty);
        var report = board.Reports.First();
        Assert.Equal((17, "/board?screen=units&wall=hall-1", 1920), ((int)report["frame"]!, (string)report["address"]!, (int)report["screen"]!["w"]!));
        Assert.Matches("^[0-9a-f-]{36}$", (string)report["board"]!);
        Assert.Equal(KpiStream.Ingest.Host.Wallboard.WallboardPage.Version, (string)report["version"]!);
    }

    private static Regex Matching(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>
    /// The size at which a capital of Noto Sans (0.714 em) is five minutes of arc high, 1.454 mm a metre, on a screen of 55 inches (0.634 mm a pixel).
    /// </summary>
    private static double PixelsAt(int metres) => metres * 1.454 / 0.714 / 0.634;

    private static Task<double> SmallestTextAsync(IPage page) => page.EvaluateAsync<double>(
        """
        () => {
          const isSeen = box => box.width > 1 && box.height > 1 && box.top < innerHeight && box.left >= 0;
          const holds = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
          const sizes = [...document.querySelectorAll('body *')]
            .filter(element => !element.closest('svg, .unseen, noscript, dialog') && holds(element) && isSeen(element.getBoundingClientRect()))
            .map(element => parseFloat(getComputedStyle(element).fontSize));
          return Math.min(...sizes);
        }
        """);

    private async Task<IPage> OpenAsync(ScriptedBoard board, string query)
    {
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        return page;
    }
}
