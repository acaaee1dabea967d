namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>What a person would see at once on the page: something cut off, out of its box, beyond the screen, or too small to read from afar.</summary>
internal static class BoardLayout
{
    /// <summary>A script that returns the texts of what does not fit; on the wall everything must be on the screen.</summary>
    public const string Faults =
        """
        () => {
          const wall = innerWidth >= 1200;
          const isCut = part => getComputedStyle(part).display !== 'inline' && part.scrollWidth > part.clientWidth + 1;
          const isOut = (part, box) => { const its = part.getBoundingClientRect(); return its.right > box.right + 1 || its.bottom > box.bottom + 1; };
          const isWrong = element => {
            const box = element.getBoundingClientRect();
            if (box.width === 0) return false;
            const parts = [...element.children].filter(part => !part.classList.contains('unseen') && part.getBoundingClientRect().width > 0);
            const outside = box.left < 0 || box.right > innerWidth || wall && (box.top < 0 || box.bottom > innerHeight);
            return outside || wall && element.matches('.tile') && box.height < 40 || parts.some(part => isCut(part) || isOut(part, box));
          };
          const parts = document.querySelectorAll('.tile, .span, .today, .bar, .hero, .filed, .head, .more-codes');
          return [...parts].filter(isWrong).map(element => element.textContent);
        }
        """;
}
