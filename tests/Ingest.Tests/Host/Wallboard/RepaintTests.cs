using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>An update lays out what it changed and nothing else; lists fit again when their content or the window changes.</summary>
[Trait("Category", "Browser")]
public sealed class RepaintTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const int Alerts = 40;

    private const string VisibleRows = """
        () => {
          const rows = [...document.querySelectorAll('#alerts-list li')].filter(row => !row.hidden);
          const floor = document.getElementById('alerts').getBoundingClientRect().bottom;
          const cut = rows.filter(row => row.getBoundingClientRect().bottom > floor);
          const more = document.getElementById('alerts-more');
          const said = more.hidden ? 0 : Number(more.textContent.match(/\d+/)[0]);
          return cut.length > 0 || (!more.hidden && more.getBoundingClientRect().bottom > floor) ? -1 : said === 0 ? rows.length : rows.length * 1000 + said;
        }
        """;

    [Fact]
    public async Task AnUpdate_LeavesEveryElementWhoseContentIsTheSame()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board);
        await page.EvaluateAsync("() => { window.kept = [...document.querySelectorAll('body li, body tr, body option')]; }");
        board.Say(Update(124_000));
        await Expect(page.Locator("#trust")).ToContainTextAsync("124.000");
        var replaced = await page.EvaluateAsync<string[]>("() => kept.filter(one => !one.isConnected).map(one => one.textContent)");
        Assert.Equal(["123.456 sự kiện đã đọc"], replaced);
    }

    [Fact]
    public async Task HowSoonEventsAreOnTheBoard_IsSaidWhileItIsMeasured()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board);
        var line = page.Locator("#trust .latency");
        await Expect(line).ToHaveTextAsync("đến bảng: nửa số ≤ 0,4 giây, 99 % ≤ 0,7 giây");
        var unwatched = Update(1);
        unwatched["trust"]!["latency"] = new JsonObject { ["published"] = new JsonObject { ["p50"] = 1_000, ["p99"] = 120_001 } };
        board.Say(unwatched);
        await Expect(line).ToHaveTextAsync("đến bảng: nửa số ≤ 1,0 giây, 99 % ≤ 121 giây");
        var quiet = Update(1);
        quiet["trust"]!["latency"] = new JsonObject();
        board.Say(quiet);
        await Expect(line).ToHaveCountAsync(0);
        await page.GotoAsync(board.Url + "/board?lang=en");
        await Expect(line).ToHaveTextAsync("on the board: half within 0.4 s, 99% within 0.7 s");
    }

    [Fact]
    public async Task AFigureThatChangesAgain_IsHighlightedAgain()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board);
        foreach (var (numerator, animation) in new[] { (600, "changed-a"), (500, "changed-b"), (400, "changed-a") })
        {
            board.Say(Update(1, BoardFrames.Cell(1_000, numerator, 0.7)));
            await Expect(page.Locator("#hero-count")).ToContainTextAsync($"{numerator}/1.000 ");
            Assert.Equal(animation, await page.EvaluateAsync<string>("() => getComputedStyle(document.getElementById('hero-value')).animationName"));
        }
    }

    [Fact]
    public async Task TheListOfAlerts_FitsAfterAChangeOfItsContentAndOfTheWindow()
    {
        var frame = BoardFrames.Frame();
        frame["alerts"] = AlertsOf(frame, Alerts);
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board);
        var first = await FittingAsync(page, Alerts);
        await page.SetViewportSizeAsync(1300, 1080);
        await page.WaitForFunctionAsync($"() => ({VisibleRows})() > {(first * 1000) + 999}");
        Assert.InRange(await FittingAsync(page, Alerts), first + 1, Alerts);

        var fewer = Update(1);
        fewer["alerts"] = AlertsOf(frame, 1);
        board.Say(fewer);
        await Expect(page.Locator("#alerts-list li")).ToHaveCountAsync(1);
        await Expect(page.Locator("#alerts-more")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task MoreThanTheStreamLists_IsCounted()
    {
        var frame = BoardFrames.Frame();
        frame["alerts"] = AlertsOf(frame, Alerts);
        frame["alertCounts"] = new JsonObject { ["firing"] = 3_000, ["resolving"] = 1, ["pending"] = 25, ["resolved"] = 0 };
        frame["lowVolume"]!["count"] = 3_025;
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board);
        await Expect(page.Locator("#alerts-total")).ToHaveTextAsync("3.001 đang cảnh báo · 25 chờ");
        await Expect(page.Locator("#low-total")).ToHaveTextAsync("3.025");
        var seen = await page.EvaluateAsync<int>("() => [...document.querySelectorAll('#alerts-list li')].filter(row => !row.hidden).length");
        await Expect(page.Locator("#alerts-more")).ToHaveTextAsync($"và {3_026 - seen:N0} cảnh báo khác".Replace(',', '.'));
        await page.Keyboard.PressAsync("4");
        await Expect(page.Locator("#alarms-count")).ToHaveTextAsync($"3.001 đang cảnh báo · 25 chờ · hiện {Alerts}");
    }

    /// <summary>How many rows are shown, where none is cut and the rest is counted.</summary>
    private static async Task<int> FittingAsync(IPage page, int all)
    {
        var seen = await page.EvaluateAsync<int>(VisibleRows);
        Assert.Equal(all, (seen / 1000) + (seen % 1000));
        return seen / 1000;
    }

    private static JsonArray AlertsOf(JsonObject frame, int count) =>
        new([.. frame["units"]!.AsArray().Take(count).Select(static (unit, index) => new JsonObject
        {
            ["rule"] = "fully_online_low",
            ["kind"] = "ratio",
            ["figure"] = "fully_online",
            ["unit"] = (string)unit!["code"]!,
            ["unitName"] = (string)unit["name"]!,
            ["state"] = "firing",
            ["since"] = $"2025-07-29T0{index % 9}:00:00+07:00",
            ["text"] = "Toàn trình dưới chỉ tiêu 70 %, đủ căn cứ",
        })]);

    private static JsonObject Update(int events, JsonObject? cell = null)
    {
        var update = new JsonObject { ["kind"] = "delta", ["id"] = 18, ["now"] = "2025-07-29T10:42:10+07:00" };
        update["trust"] = new JsonObject { ["events"] = events };
        if (cell is not null)
        {
            update["headline"] = new JsonObject { ["fully_online"] = cell };
        }

        return update;
    }

    private async Task<IPage> OpenAsync(ScriptedBoard board)
    {
        var page = await browser.OpenAsync(1920, 1080, []);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await Expect(page.Locator("#trend text").First).ToBeAttachedAsync();
        return page;
    }
}
