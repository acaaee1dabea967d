using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The page in a real browser, fed by a scripted stream.</summary>
[Trait("Category", "Browser")]
public sealed class WallboardTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";

    private const string HeardAttribute = "data-heard";

    /// <summary>
    /// Shows how many heartbeats have reached the page. Where the script moves the clock, it must first see that the page has taken what was
    /// sent before: on a busy machine a heartbeat can come later than the next jump, and the page then finds its connection silent.
    /// </summary>
    private const string CountHeartbeats =
        $$"""
        {
          let heard = 0;
          const afterwards = new MessageChannel();
          afterwards.port1.onmessage = () => document.documentElement.setAttribute('{{HeardAttribute}}', heard);
          const decode = TextDecoderStream;
          window.TextDecoderStream = class extends decode {
            constructor() {
              super();
              const counted = this.readable.pipeThrough(new TransformStream({
                transform(text, out) {
                  out.enqueue(text);
                  heard += text.split('event: heartbeat').length - 1;
                  afterwards.port2.postMessage(null);
                },
              }));
              Object.defineProperty(this, 'readable', { value: counted });
            }
          };
        }
        """;

    private readonly List<string> complaints = [];

    [Theory]
    [InlineData("")]
    [InlineData("?unit=" + PhoHien)]
    public async Task AnyScreen_NothingOverflowsSideways(string query)
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, query);
        foreach (var (width, height) in ((int, int)[])[(1920, 1080), (1024, 768), (390, 844)])
        {
            await page.SetViewportSizeAsync(width, height);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            await SaveAsync(page, $"{width}x{height}{(query.Length > 0 ? "-unit" : "")}");
        }

        await page.Locator(query.Length > 0 ? "#unit" : "#communes").EvaluateAsync("part => part.scrollIntoView()");
        await SaveAsync(page, $"390x844{(query.Length > 0 ? "-unit" : "")}-below");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Wall_AllCommunesVisibleWithoutScrolling()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        Assert.Empty(await page.EvaluateAsync<string[]>(BoardLayout.Faults));
        await Expect(page.Locator("#tiles .tile")).ToHaveCountAsync(BoardFrames.CommuneCount);
        await Expect(page.Locator("#offices .tile")).ToHaveCountAsync(BoardFrames.DepartmentCount);
        await Expect(page.Locator("#communes-name")).ToHaveTextAsync("104 xã, phường");
        await Expect(page.Locator("#offices-name")).ToHaveTextAsync("13 sở, ban, ngành");
        Assert.Equal(1080, await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
    }

    [Fact]
    public async Task FirstFrame_ProvinceFiguresAreWrittenTheVietnameseWay()
    {
        var frame = BoardFrames.Frame();
        frame["headline"]!["fully_online"] = BoardFrames.Cell(4882, 3496, 0.7);
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("71,6 %");
        await Expect(page.Locator("#hero-count")).ToHaveTextAsync("3.496/4.882 hồ sơ đã giải quyết");
        await Expect(page.Locator("#hero-state")).ToHaveTextAsync("Đạt chỉ tiêu ≥ 70 %");
        await Expect(page.Locator("#hero-note")).ToHaveTextAsync("Khoảng tin cậy 95 %: 70,3 –\u2060 72,9 %");
        await Expect(page.Locator("#filed-name")).ToHaveTextAsync("Tỷ lệ hồ sơ nộp trực tuyến");
        await Expect(page.Locator("#age")).ToContainTextAsync("Dữ liệu đến 10:42:07, cách đây");
        await Expect(page.Locator("#demo")).ToBeVisibleAsync();
        await Expect(page.Locator("#low-list li")).ToHaveCountAsync(11);
        await Expect(page.Locator("#trust")).ToContainTextAsync("12 đến muộn hôm nay");
    }

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(390, 844)]
    public async Task RejectedToday_IsShownByReasonWithKeyNamesAsTheyAre(int width, int height)
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "", width, height);
        var rejected = page.Locator("#trust .reasons");
        await Expect(page.Locator("#trust")).ToContainTextAsync("1.234 bị loại hôm nay");
        await Expect(rejected).ToHaveTextAsync(
            "Bị loại hôm nay vì: 1.180\u00a0sai giá trị TrangThaiHoSo, 41\u00a0sai định dạng, 9\u00a0thiếu case, 4\u00a0lý do khác");

        if (width > 1000)
        {
            Assert.InRange(await page.EvaluateAsync<double>("document.getElementById('trust').clientHeight / 16"), 1, 1.6); // one line, whatever there is
            await Expect(rejected).ToBeHiddenAsync();
            await page.Locator("#trust-whole").ClickAsync();
        }

        // All of it is on the screen, the rules' and the directory's version at its end included.
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('#trust li')].every(li => li.scrollWidth <= li.clientWidth + 1 && "
            + "li.getBoundingClientRect().right <= innerWidth && (scrollY + li.getBoundingClientRect().bottom) <= document.documentElement.scrollHeight)"));
        await rejected.ScrollIntoViewIfNeededAsync();
        await SaveAsync(page, $"rejected-{width}");

        frame["trust"]!["rejectedToday"] = 0;
        frame["trust"]!["rejectedReasons"] = new JsonArray();
        board.Say(frame);
        await Expect(rejected).ToHaveCountAsync(0);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task ProvinceRatio_StateInWordsAndNeverRoundedOverTheTarget()
    {
        (int D, int N, string Value, string State)[] ratios =
        [
            (10_000, 6_999, "69,99 %", "Chưa đạt ≥ 70 %, thiếu 1 hồ sơ"), (40, 24, "60,0 %", "Chưa đạt ≥ 70 %, thiếu 4 hồ sơ"),
            (10, 7, "70,0 %", "Chưa đủ hồ sơ để xét"), (20, 20, "100 %", "Đạt chỉ tiêu ≥ 70 %"), (0, 0, "–", "Chưa có số liệu"),
        ];
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        foreach (var (d, n, value, state) in ratios)
        {
            frame["headline"]!["fully_online"] = BoardFrames.Cell(d, n, 0.7);
            board.Say(frame);
            await Expect(page.Locator("#hero-value")).ToHaveTextAsync(value);
            await Expect(page.Locator("#hero-state")).ToHaveTextAsync(state);
        }
    }

    [Fact]
    public async Task Delta_ChangesItsRowsAndPartsWithoutReload()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        await page.EvaluateAsync("window.sameDocument = true");
        var others = await page.Locator("[href$='unit=11977']").TextContentAsync();

        var row = (JsonObject)BoardFrames.UnitOf(frame, PhoHien).DeepClone();
        row["cells"]!["fully_online"] = BoardFrames.Cell(2000, 1000, 0.7);
        var delta = BoardFrames.Delta(frame, row);
        delta["headline"]!["fully_online"] = BoardFrames.Cell(5000, 2500, 0.7);
        board.Say(delta);

        await Expect(page.Locator($"[href$='unit={PhoHien}'] .tile-value")).ToHaveTextAsync("50,0 %");
        await Expect(page.Locator($"[href$='unit={PhoHien}'] .tile-cases")).ToHaveTextAsync("1.000/2.000");
        await Expect(page.Locator($"[href$='unit={PhoHien}']")).ToHaveAttributeAsync("data-s", "breach");
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("50,0 %");
        await Expect(page.Locator("#hero-state")).ToContainTextAsync("Chưa đạt");
        await Expect(page.Locator("#tiles .tile")).ToHaveCountAsync(BoardFrames.CommuneCount);
        Assert.Equal(others, await page.Locator("[href$='unit=11977']").TextContentAsync());
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
    }

    [Fact]
    public async Task ServerSaysStale_BannerShoutsAndNoStateLooksGood()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        var delta = BoardFrames.Delta(frame);
        delta["stale"] = true;
        delta["now"] = "2025-07-29T10:51:40+07:00";
        board.Say(delta);
        await Expect(page.Locator(".banner").First).ToContainTextAsync("Dữ liệu cũ số liệu dừng ở 10:42:07");
        await AssertGreyAsync(page);
        await Expect(page.Locator("#age")).ToContainTextAsync("cách đây 9 phút");
        await SaveAsync(page, "stale");
    }

    [Fact]
    public async Task HeartbeatSaysStale_PageIsStaleToo()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        board.Say("heartbeat", new JsonObject { ["now"] = "2025-07-29T10:50:00+07:00", ["stale"] = true });
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "stale");
    }

    [Fact]
    public async Task NineSecondsOfSilence_ConnectionIsCalledLostAndANewOneIsOpened()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "", frozenClock: true);
        board.Greeting = null; // what is opened from now on stays silent
        await page.Clock.FastForwardAsync(8_000);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await page.Clock.FastForwardAsync(2_000); // Stale within ten seconds of the stream's end.
        await Expect(page.Locator(".banner").First).ToContainTextAsync("Mất kết nối");
        await AssertGreyAsync(page);
        await board.UntilAsync(static board => board.Asked.Count >= 2); // a silent connection is replaced
        await SaveAsync(page, "lost");
    }

    [Fact]
    public async Task Heartbeats_KeepTheConnectionAlive()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "", frozenClock: true);
        for (var second = 0; second < 48; second += 8)
        {
            await page.Clock.FastForwardAsync(8_000);
            board.Say("heartbeat", Beat(8 + second));
            await HearAsync(page, 1 + (second / 8)); // the page's own clock shows the same age before the heartbeat is there
            await Expect(page.Locator("#age")).ToContainTextAsync($"cách đây {11 + second} giây");
        }

        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
    }

    [Fact]
    public async Task NoWordOfFreshDataForTooLong_AgeOfTheDataDecides()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "", frozenClock: true);
        for (var second = 0; second < 72; second += 8)
        {
            await page.Clock.FastForwardAsync(8_000);
            board.Say("heartbeat", []); // alive, but saying nothing of the data
            await HearAsync(page, 1 + (second / 8));
        }

        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "stale");
    }

    [Fact]
    public async Task ConnectionCut_PageReconnectsByItselfAndTakesTheNewFrame()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        var next = (JsonObject)frame.DeepClone();
        next["headline"]!["fully_online"] = BoardFrames.Cell(200, 100, 0.7);
        board.Greeting = next;
        board.Hangup();
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("50,0 %");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
    }

    [Fact]
    public async Task ServerRefusesForAWhile_PageAsksAgain()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        board.Refusing = true;
        board.Hangup();
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "reconnecting");
        board.Refusing = false;
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
    }

    [Fact]
    public async Task NoEventYet_PageSaysThereAreNoData()
    {
        var frame = BoardFrames.Frame();
        frame["dataTime"] = null;
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "empty");
        await Expect(page.Locator(".banner").First).ToContainTextAsync("Chưa có dữ liệu");
        await Expect(page.Locator("#hero-state")).ToHaveTextAsync("Chưa có dữ liệu");
        await Expect(page.Locator(".tile:not([data-s=no_data])")).ToHaveCountAsync(0);
        await Expect(page.Locator(".tile .mark").First).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?unit=" + PhoHien)]
    public async Task MarkupInNames_IsShownAsText(string query)
    {
        const string Evil = "<img src=x onerror=\"window.owned=1\"><b>Xã</b>";
        var frame = BoardFrames.Frame();
        BoardFrames.UnitOf(frame, PhoHien)["name"] = Evil;
        frame["lowVolume"]!["units"]![0]!["name"] = Evil;
        frame["figures"]![2]!["nameVi"] = Evil;
        frame["province"]!["name"] = Evil;
        frame["trust"]!["directory"] = Evil;
        frame["trust"]!["rejectedReasons"]![0]!["key"] = Evil;
        frame["trust"]!["rejectedReasons"]![1]!["reason"] = Evil;
        frame["sourceState"] = Evil;
        frame["alerts"]!.AsArray().Add(new JsonObject
        {
            ["rule"] = Evil,
            ["unit"] = PhoHien,
            ["unitName"] = Evil,
            ["state"] = "firing",
            ["since"] = "2025-07-29T10:41:00+07:00",
            ["text"] = Evil,
        });
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, query);
        await Expect(page.Locator("img")).ToHaveCountAsync(0);
        await Expect(page.GetByText(Evil).First).ToBeAttachedAsync();
        Assert.False(await page.EvaluateAsync<bool>("'owned' in window"));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task SortButtons_WorstFirstOrByNameAndTheAddressRemembers()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "");
        Assert.Equal("breach", await page.Locator("#tiles .tile").First.GetAttributeAsync("data-s"));
        Assert.Equal("ok", await page.Locator("#tiles .tile").Last.GetAttributeAsync("data-s"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Theo tên" }).PressAsync("Enter");
        await Expect(page.Locator(".tile-name").First).ToHaveTextAsync("A Sào");
        await page.ReloadAsync();
        await Expect(page.Locator(".tile-name").First).ToHaveTextAsync("A Sào");
    }

    [Fact]
    public async Task UnitPage_ShowsEveryFigureOfThatCommuneAndFollowsIt()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "?unit=" + PhoHien);
        await Expect(page.Locator("#hero-place")).ToHaveTextAsync("Phường Phố Hiến");
        await Expect(page.Locator(".card")).ToHaveCountAsync(BoardFrames.FigureCount);
        await Expect(page.Locator(".tile")).ToHaveCountAsync(0);
        var row = (JsonObject)BoardFrames.UnitOf(frame, PhoHien).DeepClone();
        row["cells"]!["fully_online"] = BoardFrames.Cell(400, 100, 0.7);
        row["cells"]!["digitised"] = BoardFrames.Cell(400, 200, 0.8);
        board.Say(BoardFrames.Delta(frame, row));
        await Expect(page.Locator("#hero-value")).ToHaveTextAsync("25,0 %");
        await Expect(page.Locator(".card", new() { HasText = "Số hóa hồ sơ" })).ToContainTextAsync("50,0 %");
    }

    [Theory]
    [InlineData("?unit=99999", "Không có đơn vị mã 99999 trong danh mục")]
    [InlineData("?screen=figures", "Tỉnh Hưng Yên · mã 33")]
    public async Task UnitPage_OtherCodes_SayWhatTheyAre(string query, string heading)
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, query);
        await Expect(page.Locator("#unit-name")).ToHaveTextAsync(heading);
    }

    [Fact]
    public async Task BoardToken_ThatTheServerLeftInTheAddress_IsNotSentWithTheStream()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await OpenAsync(board, "?token=a%26b");
        Assert.Equal("", board.Asked.First());
        await Expect(page.Locator(".tile").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task UnknownUnit_IsShownByItsCode()
    {
        var frame = BoardFrames.Frame();
        frame["units"]!.AsArray().Add(new JsonObject
        {
            ["code"] = "H31.999",
            ["name"] = "H31.999",
            ["kind"] = "",
            ["known"] = false,
            ["cells"] = new JsonObject { ["fully_online"] = BoardFrames.Cell(30, 3, 0.7) },
        });
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await OpenAsync(board, "");
        await Expect(page.Locator("#unlisted [href$='H31.999']")).ToHaveTextAsync("Mã H31.99910,0 %30 hồ sơ, Chưa đạt");
        await Expect(page.Locator("#unlisted-name")).ToHaveTextAsync("1 mã ngoài danh mục: 30 hồ sơ");
        Assert.Equal(1080, await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
    }

    private async Task<IPage> OpenAsync(ScriptedBoard board, string query, int width = 1920, int height = 1080, bool frozenClock = false)
    {
        var page = await browser.OpenAsync(width, height, complaints, ownWindow: frozenClock);
        if (frozenClock)
        {
            board.BeatsByItself = false;
            await page.Clock.InstallAsync();
            await page.Clock.PauseAtAsync(new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // the script alone moves the page's clock
            await page.AddInitScriptAsync(CountHeartbeats);
        }

        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        return page;
    }

    private static Task HearAsync(IPage page, int heartbeats) =>
        Expect(page.Locator("html")).ToHaveAttributeAsync(HeardAttribute, heartbeats.ToString());

    private static JsonObject Beat(int secondsLater) => new()
    {
        ["now"] = new DateTimeOffset(2025, 7, 29, 10, 42, 10, TimeSpan.FromHours(7)).AddSeconds(secondsLater).ToString("O"),
        ["stale"] = false,
    };

    /// <summary>While figures cannot be trusted, nothing may say or show that a target is met.</summary>
    private static async Task AssertGreyAsync(IPage page)
    {
        await Expect(page.Locator(".banner").First).ToBeVisibleAsync();
        await Expect(page.Locator("#hero-state")).ToHaveTextAsync("Số liệu cũ, không đánh giá");
        await Expect(page.Locator(".tile[data-s=ok] .mark").First).ToBeHiddenAsync();
        await Expect(page.Locator(".tile[data-s=ok] .unseen").First).ToContainTextAsync("số liệu cũ");
    }

    /// <summary>Keeps a picture for people to look at, where <c>KPISTREAM_PICTURES</c> names a folder.</summary>
    private static async Task SaveAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("KPISTREAM_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"board-{name}.png"), FullPage = false });
        }
    }
}
