using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// The table of states, page side: what the source does, whether its past was read, whether there is data, and each state of a figure. Hero, tile, period,
/// banner, link and tab title say the same in every combination. <c>BoardPhaseTests</c> walks the same table on the engine's side.
/// </summary>
[Trait("Category", "Browser")]
public sealed class BoardTruthTests(WallboardBrowser browser, ITestOutputHelper output) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";
    private const double Target = 0.7;
    private const string Place = "Tỉnh Hưng Yên";
    private const string Lapsed = "chỉ tiêu năm 2024 đã hết hạn: ≥ 50 %";

    /// <summary>Everything the page says, once it shows the frame asked for; false before.</summary>
    private const string Said =
        """
        step => {
          const text = id => document.getElementById(id).textContent;
          if (!text('period').endsWith(step)) return false;
          const tile = document.querySelector("#tiles [href$='unit=11953']");
          const span = document.querySelector('#spans [aria-current]');
          const isSeen = element => getComputedStyle(element).visibility === 'visible' && element.getClientRects().length > 0;
          return JSON.stringify({
            feed: document.body.dataset.feed, title: document.title, link: text('link'), spoken: text('spoken'),
            banner: isSeen(document.querySelector('.banner')) ? `${text('banner-word')}: ${text('banner-text')}` : '',
            hero: document.getElementById('hero').dataset.s, value: text('hero-value'), word: text('hero-state'), count: text('hero-count'),
            tile: tile.dataset.s, tileValue: tile.querySelector('.tile-value').textContent, label: tile.querySelector('.unseen').textContent,
            mark: isSeen(tile.querySelector('.mark')), firing: tile.classList.contains('firing'),
            span: span.dataset.s, spanWord: span.querySelector('.span-state').textContent, filed: text('filed-note'),
          }).replaceAll('\u00a0', ' ');
        }
        """;

    private static readonly IReadOnlyList<Phase> Phases =
    [
        new("live", true, "đang nhận dữ liệu"), new("idle", true, "ngoài giờ, sự kiện gần nhất 17:12"),
        new("silent", true, "nguồn im lặng, không có sự kiện từ 09:12"), new("lost", true, "mất kết nối Kafka, đang thử lại"),
        new("live", true, "đang nhận dữ liệu"), new("loading", false, "đang đọc lại dữ liệu"), new("lost", false, "đang kết nối Kafka"),
    ];

    private static readonly IReadOnlyList<Judged> Figures =
    [
        new("ok", BoardFrames.Cell(200, 160, Target), "80,0 %", "Đạt chỉ tiêu ≥ 70 %", "Đạt"),
        new("breach", BoardFrames.Cell(200, 120, Target), "60,0 %", "Chưa đạt ≥ 70 %, thiếu 20 hồ sơ", "Chưa đạt"),
        new("not_observed", Unobserved(), "60,3–80,0 %", "Chưa ghi nhận đủ", "Chưa ghi nhận đủ"),
        new("too_few", BoardFrames.Cell(10, 7, Target), "70,0 %", "Chưa đủ hồ sơ để xét", "Chưa đủ hồ sơ để xét"),
        new("no_data", BoardFrames.Cell(0, 0, Target), "–", "Chưa có số liệu", "Chưa có số liệu"),
        new("none", BoardFrames.Cell(200, 160, null), "80,0 %", "Không đặt chỉ tiêu", "Không đặt chỉ tiêu"),
    ];

    private readonly List<string> complaints = [];

    private sealed record Phase(string Name, bool CaughtUp, string Source)
    {
        public bool IsStale => Name is "silent" or "lost";
    }

    /// <param name="State">Judged; what is not judged has <c>no_data</c>.</param>
    /// <param name="Value">As the hero shows it.</param>
    /// <param name="Verdict">The hero's sentence.</param>
    /// <param name="Word">The tile's last words.</param>
    private sealed record Judged(string State, JsonObject Cell, string Value, string Verdict, string Word)
    {
        public bool HasCases => (int)Cell["d"]! > 0;
    }

    [Fact]
    public async Task InEveryState_HeroTilePeriodBannerLinkAndTabSayTheSame()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, complaints);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        var walked = Stopwatch.StartNew();
        var (steps, wrong) = (0, new List<string>());
        foreach (var phase in Phases)
        {
            foreach (var hasData in (bool[])[true, false])
            {
                // Without any event there is no case either; one figure that has some all the same.
                foreach (var figure in Figures.Where(figure => hasData || figure.State is "ok" or "no_data"))
                {
                    board.Say(Delta(phase, hasData, figure, $"bước {++steps}"));
                    var said = await SaidAsync(page, $"bước {steps}");
                    var expected = Expected(phase, hasData, figure);
                    var state = $"{phase.Name}, read {phase.CaughtUp}, data {hasData}, {figure.State}";
                    wrong.AddRange(expected.Where(part => !JsonNode.DeepEquals(part.Value, said[part.Key]))
                        .Select(part => $"{state}: {part.Key} is '{said[part.Key]}', not '{part.Value}'"));
                    MustNotContradict(said);
                }
            }
        }

        output.WriteLine($"{steps} states in {walked.Elapsed}");
        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Empty(complaints);
    }

    /// <summary>What holds whatever the table says: where something is wrong, nothing is praised or blamed; where nothing is, no banner stands.</summary>
    private static void MustNotContradict(JsonObject said)
    {
        var isLive = (string)said["feed"]! == "live";
        Assert.Equal(isLive, ((string)said["banner"]!).Length == 0);
        Assert.Equal((string)said["hero"]!, (string)said["tile"]!);
        Assert.Equal((string)said["hero"]!, (string)said["span"]!);
        foreach (var part in isLive ? [] : (string[])["word", "label", "spanWord", "title", "link", "filed"])
        {
            Assert.DoesNotMatch("Đạt|Chưa đạt|trực tiếp ·|đang cảnh báo", (string)said[part]!);
        }

        Assert.True(isLive || !((bool)said["mark"]! || (bool)said["firing"]!), said.ToString());
    }

    private static async Task<JsonObject> SaidAsync(IPage page, string step)
    {
        var said = await page.WaitForFunctionAsync(Said, step);
        return JsonNode.Parse(await said.JsonValueAsync<string>())!.AsObject();
    }

    /// <summary>The table. A lost or silent source outweighs that the past is read, that outweighs that there is no data.</summary>
    private static JsonObject Expected(Phase phase, bool hasData, Judged figure)
    {
        var feed = phase.IsStale ? "stale" : !phase.CaughtUp ? "loading" : hasData ? "live" : "empty";
        var state = feed == "live" ? figure.State : "no_data";
        var waits = feed is "loading" or "empty";
        var word = feed switch
        {
            "stale" => "Số liệu cũ, không đánh giá",
            "loading" => "Đang đọc lại dữ liệu",
            "empty" => "Chưa có dữ liệu",
            _ => figure.Verdict,
        };
        var value = waits || !figure.HasCases ? "–" : figure.Value;
        var (d, n) = ((int)figure.Cell["d"]!, (int)figure.Cell["n"]!);
        var tileValue = feed == "loading" ? "đang đọc" : value == "–" ? "chưa có" : figure.State == "not_observed" ? "60–80 %" : value;
        var bounds = figure.State == "not_observed" && !waits ? ", từ 60,3 % đến 80,0 %" : "";
        var counted = waits ? "" : ", hồ sơ";
        var spoken = feed == "stale" ? "số liệu cũ" : feed == "live" ? figure.Word : word;
        var firing = figure.State == "breach" && feed == "live";
        var stopped = hasData ? "số liệu dừng ở 10:42:07" : "chưa nhận được số liệu";
        return new JsonObject
        {
            ["feed"] = feed,
            ["title"] = feed switch { "live" => $"{value} toàn trình, {Place}", "stale" => $"Số liệu cũ, {Place}", _ => $"{word}, {Place}" },
            ["link"] = feed == "live" ? $"Đang cập nhật trực tiếp · nguồn {phase.Source}" : feed == "stale" ? "Dữ liệu cũ" : word,
            ["spoken"] = feed == "live" ? "Đang cập nhật trực tiếp" : feed == "stale" ? "Dữ liệu cũ" : word,
            ["banner"] = feed switch
            {
                "stale" => $"Dữ liệu cũ: {stopped}, {phase.Source}",
                "loading" => "Đang đọc lại dữ liệu: số liệu hiện khi đọc xong",
                "empty" => "Chưa có dữ liệu: nguồn chưa gửi sự kiện nào",
                _ => "",
            },
            ["hero"] = state,
            ["value"] = value,
            ["word"] = word,
            ["count"] = waits ? "" : d == 0 ? "Chưa có hồ sơ đã giải quyết" : $"{n}/{d} hồ sơ đã giải quyết",
            ["tile"] = state,
            ["tileValue"] = tileValue,
            ["label"] = $"{counted}, phường{bounds}, {spoken}{(firing ? ", đang cảnh báo" : "")}",
            ["mark"] = feed == "live",
            ["firing"] = firing,
            ["span"] = state,
            ["spanWord"] = feed == "live" ? figure.Word : word,
            ["filed"] = waits ? word : $"160/200 hồ sơ tiếp nhận · {(feed == "live" ? "Đạt · " : "")}{Lapsed}",
        };
    }

    /// <summary>What the server would send: unless the figure may be judged, every state is <c>no_data</c>.</summary>
    private static JsonObject Delta(Phase phase, bool hasData, Judged figure, string step)
    {
        var isJudged = !phase.IsStale && phase.CaughtUp && hasData;
        var filed = BoardFrames.Cell(200, 160, 0.5);
        filed["s"] = isJudged ? "ok" : "no_data";
        var delta = new JsonObject
        {
            ["kind"] = "delta",
            ["id"] = 18,
            ["now"] = "2025-07-29T10:42:10+07:00",
            ["dataTime"] = hasData ? "2025-07-29T10:42:07+07:00" : null,
            ["periodLabel"] = step,
            ["phase"] = phase.Name,
            ["stale"] = phase.IsStale,
            ["caughtUp"] = phase.CaughtUp,
            ["sourceState"] = phase.Source,
            ["headline"] = new JsonObject { ["fully_online"] = Cell(figure, isJudged), ["filed_online"] = filed },
            ["units"] = new JsonArray(new JsonObject { ["code"] = PhoHien, ["cells"] = new JsonObject { ["fully_online"] = Cell(figure, isJudged) } }),
            ["spans"] = new JsonArray(new JsonObject { ["period"] = "month", ["cells"] = new JsonObject { ["fully_online"] = Cell(figure, isJudged) } }),
            ["alerts"] = figure.State == "breach" ? new JsonArray(Alert()) : new JsonArray(),
        };
        return delta;
    }

    private static JsonObject Cell(Judged figure, bool isJudged)
    {
        var cell = (JsonObject)figure.Cell.DeepClone();
        cell["s"] = isJudged ? figure.State : "no_data";
        return cell;
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

    private static JsonObject Unobserved()
    {
        var cell = BoardFrames.Cell(300, 181, Target);
        (cell["u"], cell["most"], cell["x"]) = (59, 240.0 / 300, 16);
        return cell;
    }
}
