using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The screen of all alerts: grades, who has seen to them, what happened, and how those who may take note and keep quiet.</summary>
[Trait("Category", "Browser")]
public sealed class AlarmsScreenTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    [Fact]
    public async Task AnAlert_SaysItsGradeAndWhoHasSeenToIt_AndWhatHappened()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board);
        var first = page.Locator("#alarms-list li:has(.alarm-marks:has-text('Trần An'))").First;
        await Expect(first.Locator(".alarm-marks")).ToHaveTextAsync("Trần An đã tiếp nhận lúc 09:05: đã gọi điện");
        await Expect(first.Locator(".alarm-grade")).ToHaveTextAsync("Báo động");
        await Expect(page.Locator("#alarms-list [data-grade='watch'] .alarm-grade")).ToHaveTextAsync("Theo dõi");
        await first.Locator("summary").ClickAsync();
        await Expect(first.Locator(".alarm-history li")).ToHaveTextAsync(
            ["08:00 · Chờ xác nhận", "08:10 · Đang cảnh báo", "09:05 · đã có người xử lý · Trần An · đã gọi điện"]);
        await Expect(first.Locator(".note")).ToHaveTextAsync(
            "12/40 · thường có 28 · khoảng tin cậy 18,0 % đến 45,0 % · chỉ tiêu 70,0 % · do ngẫu nhiên: < 0,01 %"
                + " · hồ sơ theo nguồn: igate 9 (75,0 %), botp 3 (25,0 %)");
    }

    [Fact]
    public async Task SomebodyOnDuty_TakesNote_AndWhatIsTypedSurvivesNewFigures()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board);
        var row = page.Locator("#alarms-list li").First;
        await row.Locator("summary").ClickAsync();
        var form = row.Locator("form").First;
        await form.GetByLabel("Ghi chú bàn giao").FillAsync("đã gọi trưởng phòng");
        frame["alerts"]!.AsArray().RemoveAt(frame["alerts"]!.AsArray().Count - 1);
        board.Say("frame", frame);
        await Expect(page.Locator("#alarms-list .cause > ul > li")).ToHaveCountAsync(frame["alerts"]!.AsArray().Count);
        await Expect(form.GetByLabel("Ghi chú bàn giao")).ToHaveValueAsync("đã gọi trưởng phòng");

        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(form.Locator(".act-said")).ToHaveTextAsync("Say who you are in 'by'.");
        await form.GetByLabel("Tên người xử lý (để trống nếu đã đăng nhập)").FillAsync("Lê Bình");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(form.Locator(".act-said")).ToHaveTextAsync("Đã ghi nhận.");
        var (path, body) = board.Duty.Decided.Last();
        Assert.Matches("^/api/v1/alerts/[0-9]+/acknowledge$", path);
        Assert.Equal(("đã gọi trưởng phòng", "Lê Bình"), ((string?)body["note"], (string?)body["by"]));
    }

    [Fact]
    public async Task ASilence_IsAskedForByCause_Listed_AndEnded()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board);
        var row = page.Locator("#alarms-list li").First;
        await row.Locator("summary").ClickAsync();
        var form = row.Locator("form").Last;
        await form.GetByLabel("Lý do").FillAsync("nâng cấp hệ thống");
        await form.GetByLabel("Trong").SelectOptionAsync("24");
        await form.GetByLabel("Những cảnh báo").SelectOptionAsync("cause");
        await form.GetByLabel("Tên người xử lý (để trống nếu đã đăng nhập)").FillAsync("Lê Bình");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator("#silences li")).ToContainTextAsync("ratio:fully_online: nâng cấp hệ thống (Lê Bình)");
        var body = board.Duty.Decided.Last().Body;
        Assert.Equal(["cause", "reason", "until", "by"], body.Select(static one => one.Key));
        Assert.InRange(DateTimeOffset.Parse((string)body["until"]!) - DateTimeOffset.Now, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        await page.Locator("#silences button").ClickAsync();
        await Expect(page.Locator("#silences-part")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task WhoMayOnlyLook_IsShownNoForm()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        board.Duty.MayAct = false;
        var page = await OpenAsync(board);
        var row = page.Locator("#alarms-list li").First;
        await row.Locator("summary").ClickAsync();
        await Expect(row.Locator(".alarm-history li")).ToHaveCountAsync(3);
        await Expect(row.Locator("form")).ToHaveCountAsync(0);
    }

    private async Task<IPage> OpenAsync(ScriptedBoard board)
    {
        var page = await browser.OpenAsync(1280, 900, []);
        await page.GotoAsync(board.Url + "/board?screen=alerts");
        await Expect(page.Locator("#alarms-list li .alarm-grade").First).Not.ToBeEmptyAsync();
        return page;
    }
}
