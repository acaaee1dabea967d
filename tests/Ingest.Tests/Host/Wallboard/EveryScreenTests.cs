using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// Every screen in every state at every size: nothing is cut off, overlaps or lies beyond the screen. Where <c>KPISTREAM_PICTURES</c> names a folder, each is
/// kept there as a picture, for people to look at.
/// </summary>
[Trait("Category", "Browser")]
public sealed class EveryScreenTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";

    private static readonly (string Name, string Query)[] Screens =
    [
        ("province", ""), ("units", "screen=units"), ("low", "screen=low"), ("alerts", "screen=alerts"), ("figures", "screen=figures"), ("why", "screen=why"),
        ("unit", $"unit={PhoHien}"),
    ];

    private static readonly (string Name, Func<JsonObject> Frame)[] States =
    [
        ("ok", BoardFrames.Frame),
        ("breach", static () => With(static (d, _) => BoardFrames.Cell(d, (int)(d * 0.6), 0.7))),
        ("not_observed", static () => With(static (d, _) => BoardFrames.Partly(d, (int)(d * 0.55), (int)(d * 0.35), 0.7))),
        ("too_few", static () => With(static (d, _) => BoardFrames.Cell(Math.Min(d, 13), Math.Min(d, 9), 0.7))),
        ("no_data", static () => With(static (_, _) => BoardFrames.Cell(0, 0, 0.7))),
        ("stale", static () => Of(static frame => (frame["stale"], frame["phase"], frame["sourceState"]) = (true, "silent", "nguồn im lặng"))),
        ("loading", static () => Of(static frame => (frame["caughtUp"], frame["phase"]) = (false, "loading"))),
        ("nation", BoardFrames.Nation),
    ];

    public static TheoryData<int, int, string> Sizes => new((1920, 1080, ""), (1920, 1080, "theme=dark"), (1920, 1080, "lang=en"), (1920, 1080, "distance=8"),
        (3840, 2160, ""), (1080, 1920, ""), (390, 844, ""));

    [Fact]
    public async Task OnAWall_NothingIsCutOffOrOverlaps_AndTheTrustLineIsOneLine()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, []);
        var faults = new List<string>();
        foreach (var (name, query) in Screens)
        {
            faults.AddRange(await LookAsync(page, board, query, name));
            var lines = await page.EvaluateAsync<double>(
                "() => { const line = document.getElementById('trust'); return line.clientHeight / parseFloat(getComputedStyle(line).lineHeight); }");
            Assert.InRange(lines, 0.5, 1.5);
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task EightMetresAway_TheNewestAlertHasRoom()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, []);
        Assert.Empty(await LookAsync(page, board, "distance=8", "distance-8"));
        await Expect(page.Locator("#alerts-list li").First).ToBeVisibleAsync();
        await Expect(page.Locator("#alerts-more")).ToBeVisibleAsync();
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Sizes))]
    public async Task EveryState_NothingIsCutOffOrOverlaps(int width, int height, string options)
    {
        await using var board = await ScriptedBoard.StartAsync(null);
        var faults = new List<string>();
        foreach (var (state, frame) in States)
        {
            board.Greeting = frame();
            var page = await browser.OpenAsync(width, height, []);
            foreach (var (name, query) in Screens.Where(screen => state != "nation" || screen.Name != "unit"))
            {
                var full = string.Join('&', new[] { query, options }.Where(static part => part.Length > 0));
                var picture = string.Join('-', new[] { name, state, $"{width}x{height}", options.Replace('=', '-') }.Where(static part => part.Length > 0));
                faults.AddRange((await LookAsync(page, board, full, picture)).Select(fault => $"{picture}: {fault}"));
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task EveryScreen_OnPaper()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.Frame());
        var page = await browser.OpenAsync(1920, 1080, []);
        foreach (var (name, query) in Screens)
        {
            await LookAsync(page, board, query, $"{name}-screen");
            var paper = await page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true });
            Assert.NotEmpty(paper);
            if (Environment.GetEnvironmentVariable("KPISTREAM_PICTURES") is { Length: > 0 } folder)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-print.pdf"), paper);
            }
        }
    }

    private static async Task<string[]> LookAsync(IPage page, ScriptedBoard board, string query, string picture)
    {
        await page.GotoAsync($"{board.Url}/board{(query.Length > 0 ? "?" : "")}{query}");
        await Expect(page.Locator("body")).Not.ToHaveAttributeAsync("data-feed", "connecting");
        await Expect(page.Locator("#trust li").First).ToBeAttachedAsync();
        // What a screen asks of the API comes after the frame, and the lists are fitted in the frame after that.
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))))");
        if (Environment.GetEnvironmentVariable("KPISTREAM_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{picture}.png") });
        }

        return await page.EvaluateAsync<string[]>(BoardLayout.Faults);
    }

    private static JsonObject Of(Action<JsonObject> change)
    {
        var frame = BoardFrames.Frame();
        change(frame);
        return frame;
    }

    /// <summary>A frame whose ratios are all others, by denominator and numerator.</summary>
    private static JsonObject With(Func<int, int, JsonObject> cell) => Of(frame =>
    {
        var places = frame["units"]!.AsArray().Select(static unit => unit!["cells"]!.AsObject()).Append(frame["headline"]!.AsObject())
            .Concat(frame["spans"]!.AsArray().Select(static span => span!["cells"]!.AsObject()));
        foreach (var cells in places.ToList())
        {
            foreach (var (kpi, old) in cells.ToList().Where(static one => one.Value!["n"] is not null))
            {
                cells[kpi] = cell((int)old!["d"]!, (int)old["n"]!);
            }
        }
    });
}
