using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// The pages of a class of tests in the one headless Chromium of all: the system's, or the one named in <c>KPISTREAM_CHROMIUM</c>. The first page starts it,
/// <see cref="LastOfAll"/> stops it.
/// </summary>
public sealed class WallboardBrowser : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",

        // The tabs of one window share a process: with one each, eight tabs take half as much processor time again.
        "--process-per-site", "--renderer-process-limit=1", "--disable-site-isolation-trials",
    ];

    // On a busy machine a page takes longer than Playwright's own five seconds.
    private const float PatienceMillis = 60_000;

    /// <summary>Not the boards': pages tell the time of the province.</summary>
    private const string TimeZone = "America/New_York";

    private static readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> Shared = new(StartAsync);

    /// <summary>Where Debian and others put it. The shell draws and runs a page alike, and has no window around it, which costs more than most pages.</summary>
    private static readonly string[] Places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Windows no class uses at the moment. A window that has shown a page shows the next for two thirds of the processor time.</summary>
    private static readonly ConcurrentBag<IBrowserContext> Spare = [];

    private IBrowserContext? shared;
    private IBrowserContext? own;
    private IPage? last;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (shared is not null)
        {
            Spare.Add(shared);
            shared = null;
        }
    }

    /// <summary>Stops the browser if it was started.</summary>
    public static async ValueTask StopAsync()
    {
        if (Shared.IsValueCreated)
        {
            var (driver, browser) = await Shared.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    /// <summary>
    /// A fresh page of the given size, the class's only one: the pages of earlier tests would work on in the background.
    /// Anything the page complains about on its console is added to <paramref name="complaints"/>.
    /// </summary>
    /// <param name="width">Of the page, in pixels.</param>
    /// <param name="height">Of the page, in pixels.</param>
    /// <param name="complaints">Takes what the page writes to its console.</param>
    /// <param name="javaScript">Whether the page runs scripts.</param>
    /// <param name="ownWindow">For a test that sets the clock, routes requests or needs an empty cache: these belong to a window, not to a page.</param>
    internal async Task<IPage> OpenAsync(int width, int height, ICollection<string> complaints, bool javaScript = true, bool ownWindow = false)
    {
        IPage page;
        if (javaScript && !ownWindow)
        {
            await CloseAsync();
            shared ??= await SpareWindowAsync();
            await shared.ClearCookiesAsync();
            last = page = await shared.NewPageAsync();
            await page.SetViewportSizeAsync(width, height);
        }
        else
        {
            await NewWindowAsync(new() { TimezoneId = TimeZone, JavaScriptEnabled = javaScript, ViewportSize = new() { Width = width, Height = height } });
            page = await own!.NewPageAsync();
        }

        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
        return page;
    }

    /// <summary>
    /// Tabs of one browser window, opened one after the other; <paramref name="script"/> runs in each before the page's own,
    /// <paramref name="opened"/> is called after each.
    /// </summary>
    internal async Task<IReadOnlyList<IPage>> OpenTabsAsync(int tabs, string address, string? script, Action opened)
    {
        await NewWindowAsync(new());
        if (script is not null)
        {
            await own!.AddInitScriptAsync(script);
        }

        var pages = new List<IPage>();
        for (var i = 0; i < tabs; i++)
        {
            pages.Add(await own!.NewPageAsync());
            await pages[i].GotoAsync(address);
            opened();
        }

        return pages;
    }

    /// <summary>A window that no other class has, with an empty page, so that what it runs in stays when a test's page is closed.</summary>
    private static async Task<IBrowserContext> SpareWindowAsync()
    {
        SkipWithoutBrowser();
        if (!Spare.TryTake(out var window))
        {
            window = await (await Shared.Value).Browser.NewContextAsync(new() { TimezoneId = TimeZone });
            await window.NewPageAsync();
        }

        return window;
    }

    private static void SkipWithoutBrowser() =>
        Assert.SkipWhen(FindExecutable() is null, $"no Chromium: none in {string.Join(", ", Places)}, KPISTREAM_CHROMIUM names none");

    /// <summary>A window of the test's own, instead of the page before.</summary>
    private async Task NewWindowAsync(BrowserNewContextOptions options)
    {
        SkipWithoutBrowser();
        await CloseAsync();
        own = await (await Shared.Value).Browser.NewContextAsync(options);
    }

    private async Task CloseAsync()
    {
        await (own?.CloseAsync() ?? Task.CompletedTask);
        await (last?.CloseAsync() ?? Task.CompletedTask);
        (own, last) = (null, null);
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMillis);
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = FindExecutable(), Args = Arguments }));
    }

    private static string? FindExecutable() => Environment.GetEnvironmentVariable("KPISTREAM_CHROMIUM") is { Length: > 0 } named
        ? (File.Exists(named) ? named : null)
        : Array.Find(Places, File.Exists);
}
