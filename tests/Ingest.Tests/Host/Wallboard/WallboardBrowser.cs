using Microsoft.Playwright;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>One headless Chromium for all tests of the page: the system's, or the one named in <c>KPISTREAM_CHROMIUM</c>.</summary>
public sealed class WallboardBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    // A browser that starts beside three other tests takes longer than Playwright's own five seconds over its first page.
    private const float PatienceMillis = 15_000;

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Where Debian and others put it.</summary>
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public async ValueTask InitializeAsync()
    {
        if (FindExecutable() is not { } executable)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(PatienceMillis);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Args = Arguments,
        });
    }

    /// <summary>Skips the test when there is no browser on this machine.</summary>
    internal void OrSkip() =>
        Assert.SkipWhen(browser is null, $"no Chromium: none in {string.Join(", ", Places)}, KPISTREAM_CHROMIUM names none");

    /// <summary>
    /// A fresh page of the given size, the only one open: the pages of earlier tests would work on in the background.
    /// Anything the page complains about on its console is added to <paramref name="complaints"/>.
    /// </summary>
    internal async Task<IPage> OpenAsync(int width, int height, ICollection<string> complaints)
    {
        foreach (var earlier in browser!.Contexts.ToList())
        {
            await earlier.CloseAsync();
        }

        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, TimezoneId = "America/New_York" });
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
        foreach (var earlier in browser!.Contexts.ToList())
        {
            await earlier.CloseAsync();
        }

        var window = await browser.NewContextAsync();
        if (script is not null)
        {
            await window.AddInitScriptAsync(script);
        }

        var pages = new List<IPage>();
        for (var i = 0; i < tabs; i++)
        {
            pages.Add(await window.NewPageAsync());
            await pages[i].GotoAsync(address);
            opened();
        }

        return pages;
    }

    private static string? FindExecutable() => Environment.GetEnvironmentVariable("KPISTREAM_CHROMIUM") is { Length: > 0 } named
        ? (File.Exists(named) ? named : null)
        : Array.Find(Places, File.Exists);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
