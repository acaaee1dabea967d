using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>Many tabs of one browser, which opens six connections to one host at most: every tab shows the board and follows it.</summary>
[Trait("Category", "Browser")]
public sealed class BoardTabsTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";
    private const string WithoutLocks = "Object.defineProperty(navigator, 'locks', { value: undefined });";
    private const string WithoutChannels = WithoutLocks + " window.BroadcastChannel = undefined;";

    [Fact]
    public async Task EightTabs_ShareOneConnection_AndAnotherTabTakesOverWhenItsTabCloses()
    {
        var frame = BoardFrames.FewUnits();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var tabs = await browser.OpenTabsAsync(8, board.Url + "/board", script: null, () => board.Say("heartbeat", []));
        await ExpectAllAsync(tabs, "#hero-value", Text(frame));
        Assert.Equal(1, board.Connections);

        var filed = await tabs[7].Locator("#filed-value").TextContentAsync();
        board.Say(Change(1_000));
        await ExpectAllAsync(tabs, "#hero-value", "50,0 %");
        await ExpectAllAsync(tabs, $"[href$='unit={PhoHien}'] .tile-cases", "1.000/2.000");
        Assert.Equal(filed, await tabs[7].Locator("#filed-value").TextContentAsync());

        var next = BoardFrames.FewUnits();
        next["headline"]!["fully_online"] = BoardFrames.Cell(2_000, 500, 0.7);
        board.Greeting = next;
        await tabs[0].CloseAsync();
        await ExpectAllAsync(tabs.Skip(1), "#hero-value", "25,0 %");
        await board.UntilAsync(static board => board.Connections == 1); // the closed tab's has gone
        board.Say(Change(1_500));
        await ExpectAllAsync(tabs.Skip(1), "#hero-value", "75,0 %");
    }

    [Theory]
    [InlineData(WithoutLocks, 8, 5)]
    [InlineData(WithoutChannels, 2, 0)]
    public async Task NoWayToShare_FewTabsConnectAndTheOthersAsk(string script, int count, int mostConnections)
    {
        var frame = BoardFrames.FewUnits();
        await using var board = await ScriptedBoard.StartAsync(frame);
        var tabs = await browser.OpenTabsAsync(count, board.Url + "/board", script, () => board.Say("heartbeat", []));
        await ExpectAllAsync(tabs, "#hero-value", Text(frame));
        Assert.InRange(board.Connections, 0, mostConnections);
        var next = BoardFrames.FewUnits();
        next["headline"]!["fully_online"] = BoardFrames.Cell(2_000, 500, 0.7);
        board.Greeting = next;
        board.Say("frame", next);
        await ExpectAllAsync(tabs, "#hero-value", "25,0 %");
    }

    /// <summary>A delta as the server sends it: nothing but what changed.</summary>
    private static JsonObject Change(int numerator) => new()
    {
        ["kind"] = "delta",
        ["id"] = 18,
        ["now"] = "2025-07-29T10:42:11+07:00",
        ["headline"] = new JsonObject { ["fully_online"] = BoardFrames.Cell(2_000, numerator, 0.7) },
        ["units"] = new JsonArray(new JsonObject
        {
            ["code"] = PhoHien,
            ["cells"] = new JsonObject { ["fully_online"] = BoardFrames.Cell(2_000, numerator, 0.7) },
        }),
    };

    private static string Text(JsonObject frame) =>
        Math.Round((double)frame["headline"]!["fully_online"]!["v"]! * 100, 1).ToString("0.0").Replace('.', ',') + " %";

    private static async Task ExpectAllAsync(IEnumerable<IPage> tabs, string part, string text)
    {
        foreach (var tab in tabs)
        {
            await Expect(tab.Locator(part)).ToHaveTextAsync(text);
        }
    }
}
