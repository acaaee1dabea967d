using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The screen with all units in a table beside a funnel plot, as its readers use it.</summary>
[Trait("Category", "Browser")]
public sealed class UnitsScreenTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string Screen = "?screen=units";
    private readonly List<string> complaints = [];

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(390, 844)]
    public async Task Table_HasEveryUnit_TheLowestShareFirst(int width, int height)
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, Screen, width, height);
        var units = frame["units"]!.AsArray();
        await Expect(page.Locator("#units-rows tr")).ToHaveCountAsync(units.Count);
        await Expect(page.Locator("#units-count")).ToHaveTextAsync($"{units.Count} trong {units.Count} đơn vị");
        var shown = await page.Locator("#units-rows .cases").AllTextContentsAsync();
        var cells = units.Select(unit => unit!["cells"]!["fully_online"]!).Where(cell => (int)cell["d"]! > 0).ToList();
        Assert.Equal(cells.Select(static cell => $"{Grouped((int)cell["n"]!)}/{Grouped((int)cell["d"]!)}").Order(), shown.Take(cells.Count).Order());
        var shares = shown.Take(cells.Count).Select(ShareOf).ToList();
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(width < 1200 || await page.EvaluateAsync<int>("document.documentElement.scrollHeight") == height, "the wall scrolls");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task SearchIgnoresAccents_AndTheAddressKeepsIt()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, Screen);
        await page.Locator("#units-find").FillAsync("  pho   HIEN");
        await Expect(page.Locator("#units-rows tr:visible th")).ToHaveTextAsync(["Phường Phố Hiến"]);
        await page.ReloadAsync();
        await Expect(page.Locator("#units-rows tr:visible th")).ToHaveTextAsync(["Phường Phố Hiến"]);
        await page.Locator("#units-find").FillAsync("Đoàn đào");
        await Expect(page.Locator("#units-rows tr:visible th")).ToHaveTextAsync(["Xã Đoàn Đào"]);
        await page.Locator("#units-find").FillAsync("nowhere");
        await Expect(page.Locator("#units-none")).ToBeVisibleAsync();
        await Expect(page.Locator("#units-count")).ToHaveTextAsync("0 trong 117 đơn vị");
        await page.Keyboard.PressAsync("Escape"); // Out of the field, where a key is a letter.
        await page.Keyboard.PressAsync("4");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", "alerts");
    }

    [Fact]
    public async Task Groups_AreShownApart_AndAKindIsNotSaidTwice()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, Screen + "&group=offices&sort=name");
        await Expect(page.Locator("#units-count")).ToHaveTextAsync($"{BoardFrames.DepartmentCount} trong 117 đơn vị");
        await Expect(page.Locator("#units-rows tr:visible th").Filter(new() { HasText = "Y tế" })).ToHaveTextAsync("Sở Y tế");
        await page.Locator("#units-group").SelectOptionAsync("places");
        await Expect(page.Locator("#units-count")).ToHaveTextAsync($"{BoardFrames.CommuneCount} trong 117 đơn vị");
        Assert.Contains("group=places", page.Url);
    }

    [Fact]
    public async Task HeadingsSortByKeyboard_AndAReloadKeepsTheOrder()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, Screen);
        var heading = page.Locator("#units-head [data-key=cases]");
        await heading.Locator("button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(heading).ToHaveAttributeAsync("aria-sort", "descending");
        var most = await page.Locator("#units-rows th").First.TextContentAsync();
        await page.ReloadAsync();
        await Expect(heading).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(page.Locator("#units-rows th").First).ToHaveTextAsync(most!);
        await heading.Locator("button").ClickAsync();
        await Expect(heading).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(page.Locator("#units-rows th").First).Not.ToHaveTextAsync(most!);
    }

    [Fact]
    public async Task FunnelPlot_TellsWhatChanceExplains()
    {
        (int D, int N, int Unobserved, string Zone)[] units =
        [
            (1000, 600, 0, "far-below"), // 6.9 standard errors below 70 %
            (1000, 660, 0, "below"), // 2.8
            (20, 11, 0, "within"), // the same share as 110 of 200, but 20 cases may have it by chance
            (1000, 600, 60, "below"), // 66 % if all that was never observed was true
            (1000, 600, 150, "within"),
            (1000, 760, 0, "far-above"), // 4.1 above
        ];
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, Screen + "&find=11953");
        foreach (var (d, n, unobserved, zone) in units)
        {
            Place(frame, "11953", d, n, unobserved);
            board.Say(frame);
            await Expect(page.Locator("#units-rows tr:visible .cases")).ToHaveTextAsync([$"{Grouped(n)}/{Grouped(d)}"]);
            await Expect(page.Locator("#funnel .point")).ToHaveClassAsync([$"point {zone}"]);
            await Expect(page.Locator("#funnel .name")).ToHaveTextAsync(zone == "far-below" ? ["Phố Hiến"] : []);
            var below = zone == "far-below" ? "1 đơn vị" : "Không đơn vị nào";
            await Expect(page.Locator("#funnel p")).ToContainTextAsync(below + " dưới giới hạn 99,8\u00a0%");
            await Expect(page.Locator("#funnel .point line")).ToHaveCountAsync(unobserved > 0 ? 1 : 0);
        }
    }

    [Fact]
    public async Task Delta_MovesRowAndPoint_AndStaleDataJudgeNothing()
    {
        var frame = BoardFrames.Frame();
        Place(frame, "11953", 1000, 600, 0);
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, Screen + "&find=11953");
        await Expect(page.Locator("#units-rows tr:visible .cases")).ToHaveTextAsync(["600/1.000"]);
        Place(frame, "11953", 1000, 760, 0);
        board.Say(BoardFrames.Delta(frame, BoardFrames.UnitOf(frame, "11953")));
        await Expect(page.Locator("#units-rows tr:visible .cases")).ToHaveTextAsync(["760/1.000"]);
        await Expect(page.Locator("#funnel .point")).ToHaveClassAsync(["point far-above"]);

        board.Say("heartbeat", new JsonObject { ["now"] = "2025-07-29T10:50:00+07:00", ["stale"] = true });
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "stale");
        await Expect(page.Locator("#funnel p")).ToContainTextAsync("Số liệu cũ, không đánh giá");
        await Expect(page.Locator("#units-rows tr:visible .state")).ToHaveTextAsync(["Số liệu cũ, không đánh giá"]);
        await Expect(page.Locator("#units-rows tr:visible .mark")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Volume_IsATableWithoutShares()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, Screen + "&figure=arisen&sort=-cases");
        await Expect(page.Locator("#funnel")).ToBeHiddenAsync();
        var texts = await page.Locator("#units-rows .cases").AllTextContentsAsync();
        var counts = texts.Select(static text => text.Length == 0 ? 0 : int.Parse(text.Replace(".", ""))).ToList();
        Assert.Equal(counts.OrderDescending(), counts);
        Assert.True(counts[0] > 1000);
    }

    [Fact]
    public async Task WhatTheAddressMisspells_IsRefusedByName()
    {
        (string Query, string Words)[] addresses =
        [
            ("?screen=unitz", "Không có screen=unitz. Có thể dùng: province, units, low, alerts, figures, why."),
            ("?scren=units", "Không có tham số \"scren\". Các tham số: screen, unit, period, sort, figure, group, find, rotate, every, lang"),
            ("?sort=worst", "Không có sort=worst. Có thể dùng: attention, name."),
            ("?screen=units&sort=attention", "Không có sort=attention. Có thể dùng: name, value, cases, most, unknown, overdue, state."),
            ("?screen=units&group=xa", "Không có group=xa. Có thể dùng: places, offices, unlisted."),
            ("?screen=units&figure=fully", "Không có figure=fully. Có thể dùng: fully_online,"),
            ("?figure=fully", "Không có figure=fully. Có thể dùng: fully_online,"),
        ];
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, complaints);
        foreach (var (query, words) in addresses)
        {
            await page.GotoAsync(board.Url + "/board" + query);
            await Expect(page.Locator("#wrong-text")).ToContainTextAsync(words);
            await Expect(page.Locator("#units, #communes").Locator("visible=true")).ToHaveCountAsync(0);
        }

        Assert.Empty(complaints);
    }

    private async Task<IPage> OpenAsync(ScriptedBoard board, string query, int width = 1920, int height = 1080)
    {
        var page = await browser.OpenAsync(width, height, complaints);
        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        return page;
    }

    private static void Place(JsonObject frame, string code, int d, int n, int unobserved)
    {
        var cell = BoardFrames.Cell(d, n, 0.7);
        if (unobserved > 0)
        {
            (cell["u"], cell["most"]) = (unobserved, (double)(n + unobserved) / d);
        }

        BoardFrames.UnitOf(frame, code)["cells"]!["fully_online"] = cell;
    }

    private static double ShareOf(string fraction) => fraction.Replace(".", "").Split('/') is [var n, var d] ? double.Parse(n) / double.Parse(d) : double.NaN;

    private static string Grouped(int number) => number.ToString("N0").Replace(',', '.');
}
