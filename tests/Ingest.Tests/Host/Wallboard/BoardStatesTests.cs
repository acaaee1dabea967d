using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>Every state a figure and the page can be in, one after the other on one page: word, mark, value and what a screen reader says.</summary>
[Trait("Category", "Browser")]
public sealed class BoardStatesTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";
    private const double Target = 0.7;
    private const string MarkShape = "mark => { const its = getComputedStyle(mark); return [its.clipPath, its.borderRadius, its.transform].join(); }";
    private static readonly JsonObject Good = BoardFrames.Cell(200, 160, Target);

    private static readonly IReadOnlyList<Shown> OfFigures =
    [
        new("ok", Good, "80,0 %", "Đạt chỉ tiêu ≥ 70 %", "80,0 %", "^, hồ sơ, phường, Đạt$"),
        new("breach", BoardFrames.Cell(200, 120, Target), "60,0 %", "Chưa đạt ≥ 70 %, thiếu 20 hồ sơ", "60,0 %",
            "^, hồ sơ, phường, Chưa đạt$"),
        new("breach", BoardFrames.Cell(200, 120, Target), "60,0 %", "Chưa đạt ≥ 70 %, thiếu 20 hồ sơ", "60,0 %",
            "Chưa đạt, đang cảnh báo$") { Firing = true },
        new("breach", BoardFrames.Partly(200, 100, 30, Target), "50,0 %", "Chưa đạt ≥ 70 %, thiếu ít nhất 10 hồ sơ", "50,0 %",
            "từ 50,0 % đến 65,0 %, .*Chưa đạt$"),
        new("ok", BoardFrames.Partly(200, 150, 30, Target), "75,0 %", "Đạt chỉ tiêu ≥ 70 %", "75,0 %", "từ 75,0 % đến 90,0 %, .*Đạt$"),
        new("not_observed", BoardFrames.Partly(300, 181, 59, Target), "60,3–80,0 %", "Chưa ghi nhận đủ", "60–80 %",
            "từ 60,3 % đến 80,0 %, Chưa ghi nhận đủ$"),
        new("too_few", BoardFrames.Cell(10, 7, Target), "70,0 %", "Chưa đủ hồ sơ để xét", "70,0 %", "Chưa đủ hồ sơ để xét$"),
        new("no_data", BoardFrames.Cell(0, 0, Target), "–", "Chưa có số liệu", "chưa có", "Chưa có số liệu$"),
        new("none", BoardFrames.Cell(200, 160, null), "80,0 %", "Không đặt chỉ tiêu", "80,0 %", "Không đặt chỉ tiêu$"),
        new("ok", Good, "80,0 %", "Đạt chỉ tiêu năm 2024", "80,0 %", "Đạt$") { Lapsed = 2024 },
        new("breach", BoardFrames.Cell(200, 120, Target), "60,0 %", "Chưa đạt chỉ tiêu năm 2024, thiếu 20 hồ sơ", "60,0 %",
            "Chưa đạt$") { Lapsed = 2024 },
    ];

    private readonly List<string> complaints = [];

    private sealed record Shown(string State, JsonObject Cell, string Value, string Word, string TileValue, string Spoken)
    {
        public bool Firing { get; init; }

        public int? Lapsed { get; init; }
    }

    [Fact]
    public async Task EveryStateOfAFigure_HasItsWordItsMarkAndItsValueInHeroAndTile()
    {
        await using var board = await ScriptedBoard.StartAsync(Frame(OfFigures[0]));
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board");
        var marks = new Dictionary<string, string>();
        foreach (var shown in OfFigures)
        {
            board.Say(Frame(shown));
            await ExpectAsync(page, "live", shown.State, shown.Value, shown.Word, shown.TileValue, shown.Spoken);
            await Expect(page.Locator("#tiles .tile.firing")).ToHaveCountAsync(shown.Firing ? 1 : 0);
            await Expect(page.Locator("#hero-target-label")).ToHaveTextAsync(TargetLabel(shown));
            marks[shown.State] = await page.Locator(Tile + " .mark").EvaluateAsync<string>(MarkShape);
        }

        Assert.Equal(marks.Count, marks.Values.Distinct().Count());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task EveryStateOfThePage_IsSaidAndNothingLooksGood()
    {
        var good = Frame(OfFigures[0]);
        await using var board = await ScriptedBoard.StartAsync(good);
        var page = await browser.OpenAsync(1920, 1080, complaints, ownWindow: true);
        await page.Clock.InstallAsync();
        await page.Clock.PauseAtAsync(new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // the script alone moves the page's clock
        await page.GotoAsync(board.Url + "/board");
        await ExpectAsync(page, "live", "ok", "80,0 %", "Đạt chỉ tiêu ≥ 70 %", "80,0 %", "Đạt$");
        await Expect(page.Locator(".banner").First).ToBeHiddenAsync();

        board.Say(With(good, frame => (frame["caughtUp"], frame["phase"]) = (false, "loading")));
        await ExpectAsync(page, "loading", "no_data", "–", "Đang đọc lại dữ liệu", "đang đọc", "Đang đọc lại dữ liệu$");
        await ExpectBannerAsync(page, "Đang đọc lại dữ liệu");

        board.Say(With(good, static frame => frame["dataTime"] = null));
        await ExpectAsync(page, "empty", "no_data", "–", "Chưa có dữ liệu", "chưa có", "Chưa có dữ liệu$");
        await ExpectBannerAsync(page, "Chưa có dữ liệu");

        board.Say(With(good, static frame => (frame["stale"], frame["sourceState"]) = (true, "không đọc được Kafka")));
        await ExpectAsync(page, "stale", "ok", "80,0 %", "Số liệu cũ, không đánh giá", "80,0 %", "số liệu cũ$");
        await ExpectBannerAsync(page, "Dữ liệu cũ số liệu dừng ở 10:42:07, không đọc được Kafka");
        await Expect(page.Locator(Tile + " .mark")).ToBeHiddenAsync();

        board.Say(good);
        await ExpectAsync(page, "live", "ok", "80,0 %", "Đạt chỉ tiêu ≥ 70 %", "80,0 %", "Đạt$");
        (board.Greeting, board.Refusing) = (null, true);
        board.Hangup();
        await page.Clock.FastForwardAsync(17_000);
        await ExpectAsync(page, "lost", "ok", "80,0 %", "Số liệu cũ, không đánh giá", "80,0 %", "số liệu cũ$");
        await ExpectBannerAsync(page, "Mất kết nối số liệu dừng ở 10:42:07");
        await Expect(page.Locator(Tile + " .mark")).ToBeHiddenAsync();
    }

    private static string Tile => $"#tiles [href$='unit={PhoHien}']";

    private static async Task ExpectAsync(IPage page, string feed, string state, string value, string word, string tileValue, string spoken)
    {
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", feed);
        await Expect(page.Locator("#hero-state")).ToHaveTextAsync(word);
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync(value);
        await Expect(page.Locator("#hero")).ToHaveAttributeAsync("data-s", state);
        await Expect(page.Locator(Tile)).ToHaveAttributeAsync("data-s", state);
        await Expect(page.Locator(Tile + " .tile-value")).ToHaveTextAsync(tileValue);
        var said = new Regex(spoken.Replace(" %", "\u00a0%"), RegexOptions.None, TimeSpan.FromSeconds(1));
        await Expect(page.Locator(Tile + " .unseen")).ToHaveTextAsync(said);
    }

    private static async Task ExpectBannerAsync(IPage page, string text)
    {
        await Expect(page.Locator(".banner").First).ToBeVisibleAsync();
        await Expect(page.Locator(".banner").First).ToContainTextAsync(text);
    }

    private static string TargetLabel(Shown shown) =>
        shown.State == "none" ? "" : shown.Lapsed is { } year ? $"Chỉ tiêu năm {year} đã hết hạn: ≥ 70 %" : "Chỉ tiêu ≥ 70 %";

    private static JsonObject Frame(Shown shown)
    {
        var frame = BoardFrames.Frame();
        frame["headline"]!["fully_online"] = shown.Cell.DeepClone();
        BoardFrames.UnitOf(frame, PhoHien)["cells"]!["fully_online"] = shown.Cell.DeepClone();
        frame["figures"]![0]!["lapsed"] = shown.Lapsed;
        frame["alerts"] = shown.Firing ? new JsonArray(Alert()) : new JsonArray();
        return frame;
    }

    private static JsonObject Alert() => new()
    {
        ["rule"] = "fully_online_low",
        ["kind"] = "ratio",
        ["figure"] = "fully_online",
        ["unit"] = PhoHien,
        ["unitName"] = "Phố Hiến",
        ["state"] = "firing",
        ["since"] = "2025-07-29T10:41:00+07:00",
        ["text"] = "Toàn trình dưới chỉ tiêu 70 %, đủ căn cứ",
    };

    private static JsonObject With(JsonObject frame, Action<JsonObject> change)
    {
        var changed = (JsonObject)frame.DeepClone();
        change(changed);
        return changed;
    }
}
