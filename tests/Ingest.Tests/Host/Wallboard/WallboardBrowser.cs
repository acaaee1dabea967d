using Microsoft.Playwright;
using Xunit;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>One headless Chromium for all tests of the page: the system's, or the one named in <c>KPISTREAM_CHROMIUM</c>.</summary>
public sealed class WallboardBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("KPISTREAM_CHROMIUM") ?? "/usr/bin/chromium",
            Args = Arguments,
        });
    }

    /// <summary>A fresh page of the given size; anything the page complains about on its console is added to <paramref name="complaints"/>.</summary>
    internal async Task<IPage> OpenAsync(int width, int height, ICollection<string> complaints)
    {
        var page = await browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, TimezoneId = "America/New_York" });
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

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
