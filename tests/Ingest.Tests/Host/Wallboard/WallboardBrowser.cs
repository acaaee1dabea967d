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

    private static readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> Shared = new(StartAsync);

    /// <summary>Where Debian and others put it. The shell draws and runs a page alike, and has no window around it, which costs more than most pages.</summary>
    private static readonly string[] Places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IBrowserContext? window;

    public async ValueTask DisposeAsync() => await (window?.CloseAsync() ?? Task.CompletedTask);

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
    internal async Task<IPage> OpenAsync(int width, int height, ICollection<string> complaints, bool javaScript = true)
    {
        await NewWindowAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            TimezoneId = "America/New_York",
            JavaScriptEnabled = javaScript,
        });
        var page = await window!.NewPageAsync();
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
        await NewWindowAsync();
        if (script is not null)
        {
            await window!.AddInitScriptAsync(script);
        }

        var pages = new List<IPage>();
        for (var i = 0; i < tabs; i++)
        {
            pages.Add(await window!.NewPageAsync());
            await pages[i].GotoAsync(address);
            opened();
        }

        return pages;
    }

    /// <summary>A window instead of the one before; skips the test where there is no browser.</summary>
    private async Task NewWindowAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(FindExecutable() is null, $"no Chromium: none in {string.Join(", ", Places)}, KPISTREAM_CHROMIUM names none");
        await DisposeAsync();
        window = await (await Shared.Value).Browser.NewContextAsync(options);
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
