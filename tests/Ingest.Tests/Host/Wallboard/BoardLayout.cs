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
          const lines = (node, from = 0, to = node.length) => {
            const part = new Range();
            part.setStart(node, from);
            part.setEnd(node, to);
            return [...part.getClientRects()];
          };
          const sizeOf = element => parseFloat(getComputedStyle(element).fontSize);
          // Letters reach 0.05 em less far down than their line, and figures begin 0.35 em below its top.
          const tailsOf = name => Math.max(...lines(name.firstChild).map(line => line.bottom)) - 0.05 * sizeOf(name);
          const touches = name => {
            const figure = name.parentElement.querySelector('.tile-value');
            return tailsOf(name) > lines(figure.firstChild)[0].top + 0.35 * sizeOf(figure) || tailsOf(name) > name.getBoundingClientRect().bottom + 0.5;
          };
          const names = [...document.querySelectorAll('.tile-name')].filter(name => name.getBoundingClientRect().width > 0 && name.firstChild);
          const isBroken = note => {
            const dash = note.textContent.indexOf('–');
            return note.firstChild && dash > 0 && new Set(lines(note.firstChild, dash - 2, dash + 4).map(line => Math.round(line.top))).size > 1;
          };
          const shares = [...document.querySelectorAll('.card-state, .span-state, .hero p, .filed p')]
            .flatMap(part => [...part.childNodes, ...[...part.children].flatMap(child => [...child.childNodes])])
            .filter(node => node.nodeType === 3 && node.data.indexOf('%') > 1);
          const isTorn = node => new Set(lines(node, node.data.indexOf('%') - 2, node.data.indexOf('%') + 1)
            .filter(line => line.width > 1).map(line => Math.round(line.top))).size > 1;
          const covers = label => {
            const box = label.getBoundingClientRect();
            const course = label.parentElement.querySelector('.course');
            const length = course?.getTotalLength() ?? 0;
            return Array.from({ length: 200 }, (_, step) => course?.getPointAtLength(length * step / 199).matrixTransform(course.getScreenCTM()))
              .some(at => at && at.x > box.left && at.x < box.right && at.y > box.top + 0.25 * box.height && at.y < box.bottom - 0.25 * box.height);
          };
          const labels = [...document.querySelectorAll('.funnel .name')].map(label => label.getBoundingClientRect());
          const meet = (a, b) => a !== b && a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
          // A drawing has the proportions of its box, and the funnel's takes all of it but the note.
          const drawings = [...document.querySelectorAll('.funnel svg, .trend svg')].filter(one => one.clientWidth > 0 && one.childElementCount > 0);
          const isLoose = drawing => {
            const { width, height } = drawing.viewBox.baseVal;
            const box = drawing.parentElement;
            return Math.abs(drawing.clientWidth / drawing.clientHeight / (width / height) - 1) > 0.03
              || wall && box.matches('.funnel') && drawing.clientWidth * drawing.clientHeight < 0.7 * box.clientWidth * box.clientHeight;
          };
          // Lists that scroll within the wall end with a whole row.
          const ends = [...document.querySelectorAll('.units-table, .scrolled, .behind')].filter(box => innerWidth >= 1000 && box.clientHeight > 0).map(box =>
            [box, box.getBoundingClientRect().bottom - (parseFloat(getComputedStyle(box).clipPath.split(' ')[2]) || 0)]);
          const isHalf = (row, end) => { const its = row.getBoundingClientRect(); return its.top < end - 1 && its.bottom > end + 1; };
          const halves = ends.flatMap(([box, end]) => [...box.querySelectorAll('tr, .cause li')].filter(row => isHalf(row, end)));
          return [
            ...halves.map(row => `shown in part: ${row.textContent}`),
            ...(labels.some(one => labels.some(other => meet(one, other))) ? ['names in the funnel plot cover each other'] : []),
            ...drawings.filter(isLoose).map(drawing => `does not fill its box: ${drawing.parentElement.className}`),
            ...[...parts].filter(isWrong).map(element => element.textContent),
            ...names.filter(touches).map(name => `touches or cut: ${name.textContent}`),
            ...[...document.querySelectorAll('.card-note, #hero-note')].filter(isBroken).map(note => `broken: ${note.textContent}`),
            ...shares.filter(isTorn).map(node => `a figure and its % on two lines: ${node.data}`),
            ...[...document.querySelectorAll('.trend .value')].filter(covers).map(label => `on its line: ${label.textContent}`),
          ];
        }
        """;
}
