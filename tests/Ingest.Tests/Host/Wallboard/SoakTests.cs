using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// A wall is never loaded again: what a tab holds must not grow with what it has painted. A week of four updates a second is 604,800 of them;
/// <c>KPISTREAM_TEST_EFFORT</c> multiplies the 20,000 of a run.
/// </summary>
[Trait("Category", "Browser")]
[Trait("Category", "Long")]
public sealed class SoakTests(WallboardBrowser browser, ITestOutputHelper output) : IClassFixture<WallboardBrowser>
{
    private const int Warm = 3_000, Batch = 200, UsualUpdates = 20_000;

    [Fact]
    public async Task ATabThatPaintsForLong_HoldsItsMemoryNodesAndListeners()
    {
        var frame = BoardFrames.Frame();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var page = await browser.OpenAsync(1920, 1080, [], ownWindow: true);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        var random = new Random(604_800);
        await PaintAsync(board, page, frame, random, Warm, 0);
        var before = await HeldAsync(page);
        var updates = LongRuns.Scale(UsualUpdates);
        var took = Stopwatch.StartNew();
        await PaintAsync(board, page, frame, random, updates, Warm);
        var after = await HeldAsync(page);
        var slope = (after.Heap - before.Heap) / updates * 100_000 / 1_048_576;
        output.WriteLine($"{updates} updates in {took.Elapsed}: heap {before.Heap / 1e6:0.00} -> {after.Heap / 1e6:0.00} MB, {slope:0.00} MB per 100,000; "
            + $"nodes {before.Nodes} -> {after.Nodes}, listeners {before.Listeners} -> {after.Listeners}");
        Assert.InRange(slope, double.MinValue, 1);
        Assert.Equal((before.Nodes, before.Listeners), (after.Nodes, after.Listeners));
    }

    /// <summary>Deltas as a busy province sends them: some units, the headline, the trust line.</summary>
    private static async Task PaintAsync(ScriptedBoard board, IPage page, JsonObject frame, Random random, int updates, int from)
    {
        var units = frame["units"]!.AsArray();
        for (var sent = 0; sent < updates; sent++)
        {
            var d = 1_000 + (from + sent);
            var row = new JsonObject
            {
                ["code"] = (string)units[random.Next(units.Count)]!["code"]!,
                ["cells"] = new JsonObject { ["fully_online"] = BoardFrames.Cell(d, d * 3 / 4, 0.7) },
            };
            board.Say(new JsonObject
            {
                ["kind"] = "delta",
                ["id"] = 18 + from + sent,
                ["now"] = "2025-07-29T10:42:10+07:00",
                ["dataTime"] = "2025-07-29T10:42:09+07:00",
                ["headline"] = new JsonObject { ["fully_online"] = BoardFrames.Cell(d, d * 3 / 4, 0.7) },
                ["trust"] = new JsonObject { ["events"] = 200_000 + d },
                ["units"] = new JsonArray(row),
            });
            if ((sent + 1) % Batch == 0 || sent + 1 == updates)
            {
                await page.WaitForFunctionAsync($"() => document.getElementById('hero-count').textContent.includes('/{d.ToString("N0", Vietnamese)} ')");
            }
        }
    }

    private static readonly NumberFormatInfo Vietnamese = new() { NumberGroupSeparator = "." };

    private static async Task<(double Heap, double Nodes, double Listeners)> HeldAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        await page.WaitForFunctionAsync("() => document.getAnimations().length === 0");
        await session.SendAsync("HeapProfiler.collectGarbage");
        await session.SendAsync("HeapProfiler.collectGarbage");
        var metrics = (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        await session.DetachAsync();
        return (metrics["JSHeapUsedSize"], metrics["Nodes"], metrics["JSEventListeners"]);
    }
}
