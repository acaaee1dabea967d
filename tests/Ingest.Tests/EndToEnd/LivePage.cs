using KpiStream.Ingest.Tests.Host.Wallboard;
using Microsoft.Playwright;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// The wallboard in a real browser, with a witness inside the page that notes when a commune's tile came to show which denominator: the
/// clock is read in the animation frame after the change, which is when it is painted.
/// </summary>
internal sealed class LivePage
{
    private const string Witness =
        """
        () => {
          window.sightings = [];
          window.sameDocument = true;
          const shown = new Map();
          const look = () => requestAnimationFrame(() => {
            const ms = performance.timeOrigin + performance.now();
            for (const tile of document.querySelectorAll('.tile')) {
              const unit = new URL(tile.href).searchParams.get('unit');
              const cases = Number((tile.querySelector('.tile-cases').textContent.split('/')[1] ?? '').replaceAll('.', '')) || 0;
              if (shown.get(unit) !== cases) {
                shown.set(unit, cases);
                window.sightings.push({ unit, cases, ms });
              }
            }
          });
          new MutationObserver(look).observe(document.getElementById('tiles'), { subtree: true, childList: true, characterData: true });
          look();
        }
        """;

    private LivePage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Opens the board and puts the witness in; what the page complains about is added to <paramref name="complaints"/>.</summary>
    public static async Task<LivePage> OpenAsync(WallboardBrowser browser, Uri server, ICollection<string> complaints)
    {
        var page = new LivePage(await browser.OpenAsync(1920, 1080, complaints));
        await page.Page.GotoAsync(new Uri(server, "/board").ToString());
        await page.Page.WaitForSelectorAsync(".tile");
        await page.Page.EvaluateAsync(Witness);
        return page;
    }

    /// <summary>Waits until tiles have come to show these denominators; everything seen since the page was opened.</summary>
    /// <param name="expected">Denominators by unit.</param>
    /// <param name="within">How long it may take.</param>
    public async Task<IReadOnlyList<Sighting>> SightingsAsync(IReadOnlyDictionary<string, int> expected, TimeSpan within)
    {
        await Page.WaitForFunctionAsync(
            "expected => Object.entries(JSON.parse(expected)).every(([unit, cases]) => window.sightings.some(sight => sight.unit === unit && sight.cases >= "
                + "cases))",
            JsonSerializer.Serialize(expected), new() { Timeout = (float)within.TotalMilliseconds });
        return JsonSerializer.Deserialize<Sighting[]>(await Page.EvaluateAsync<string>("JSON.stringify(window.sightings)"), JsonSerializerOptions.Web)!;
    }

    /// <summary>False once the page has been loaded again.</summary>
    public Task<bool> IsSameDocumentAsync() => Page.EvaluateAsync<bool>("window.sameDocument === true");

    /// <summary>Waits until the province has this many handled cases on the page.</summary>
    public Task UntilHandledAsync(int cases, TimeSpan within) => Page.WaitForFunctionAsync(
        "cases => document.getElementById('hero-count').textContent.replaceAll('.', '').split('/')[1]?.startsWith(cases + ' ')",
        $"{cases}", new() { Timeout = (float)within.TotalMilliseconds });
}

/// <summary>A tile came to show a denominator, or has to.</summary>
/// <param name="Unit">The commune.</param>
/// <param name="Cases">The denominator.</param>
/// <param name="Ms">Milliseconds since 1970 UTC; the browser's clock is this machine's.</param>
internal sealed record Sighting(string Unit, int Cases, double Ms);
