using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>axe-core finds nothing against WCAG 2.2 AA on any screen, in either theme, nor with forced colours.</summary>
[Trait("Category", "Browser")]
public sealed class AccessibilityTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private static readonly AxeRunOptions All = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
        ResultTypes = [ResultType.Violations],
    };

    /// <summary>What a theme changes.</summary>
    private static readonly AxeRunOptions Colours = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] },
        ResultTypes = [ResultType.Violations],
    };

    /// <summary>Forced colours are the reader's own.</summary>
    private static readonly AxeRunOptions Structure = new()
    {
        RunOnly = All.RunOnly,
        ResultTypes = [ResultType.Violations],
        Rules = new() { ["color-contrast"] = new() { Enabled = false } },
    };

    private static readonly string[] Screens = ["province", "units", "low", "alerts", "figures", "why"];

    /// <summary>Those with colours of their own; KPISTREAM_TEST_EFFORT=2 takes all screens in every form.</summary>
    private static readonly string[] DarkScreens = ["province", "units", "low", "why"];

    [Theory]
    [InlineData("light", false)]
    [InlineData("dark", false)]
    [InlineData("light", true)]
    public async Task EveryScreen_HasNoViolation(string theme, bool forcedColors)
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.FewUnits());
        var page = await browser.OpenAsync(1920, 1080, []);
        await page.EmulateMediaAsync(new() { ForcedColors = forcedColors ? ForcedColors.Active : ForcedColors.None });
        foreach (var screen in LongRuns.Effort > 1 ? Screens : forcedColors ? Screens[..2] : theme == "dark" ? DarkScreens : Screens)
        {
            await page.GotoAsync($"{board.Url}/board?screen={screen}&theme={theme}");
            await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
            await AssertNoViolationAsync(page, $"{screen}, {theme}", forcedColors ? Structure : theme == "dark" ? Colours : All);
        }
    }

    [Theory]
    [InlineData("?unit=11953")]
    [InlineData("?unit=11953&theme=dark&lang=en")]
    [InlineData("?scren=units")]
    public async Task APhone_HasNoViolation(string query)
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.FewUnits());
        var page = await browser.OpenAsync(390, 844, []);
        await page.GotoAsync(board.Url + "/board" + query);
        await Expect(page.Locator(query.Contains("scren") ? "#wrong-text" : "#cards .card").First).ToBeVisibleAsync();
        await AssertNoViolationAsync(page, query, All);
    }

    [Fact]
    public async Task TheHelp_HasNoViolation_AndItsKeysCanBeSwitchedOff()
    {
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.FewUnits());
        var page = await browser.OpenAsync(1920, 1080, []);
        await page.GotoAsync(board.Url + "/board");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-feed", "live");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
        await AssertNoViolationAsync(page, "help", All);
        await page.Locator("#keys-on").UncheckAsync();
        await page.Locator("#help-close").ClickAsync();
        await page.Keyboard.PressAsync("2");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-view", "province");
    }

    private static async Task AssertNoViolationAsync(IPage page, string what, AxeRunOptions rules)
    {
        // What flashes for a moment has no colour of its own to be judged.
        await page.AddStyleTagAsync(new() { Content = "[data-changed] { animation: none !important; }" }).ContinueWith(static _ => { }, TaskScheduler.Default);
        var found = await page.RunAxe(rules);
        Assert.True(found.Violations.Length == 0, $"{what}: " + string.Join("\n", found.Violations.Select(violation =>
            $"{violation.Id} ({violation.Nodes.Length}): {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}")));
    }
}
