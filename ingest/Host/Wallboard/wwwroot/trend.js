// A figure over the last weeks as a small line chart, or for a volume as bars: drawn by hand, because a chart library would be larger than the page.

import { isNews, make, proportion, setPart, setText, shape } from './dom.js';
import { count, percent, shortDate, t } from './language.js';

const WIDTH = 480;
const HEIGHT = 130;
const FRAME = { left: 8, right: 0, top: 10, bottom: 100 }; // the right side as the box has it

/** @param series an answer of /api/v1/series for one figure; null before there is one */
export function drawTrend(box, series, { isVolume, isOld, failed }) {
  if (box.childElementCount === 0) {
    const drawing = shape('svg', { role: 'img' });
    box.append(drawing, make('p', 'trend-note'));
  }
  const [drawing, note] = box.children;
  const points = (series?.points ?? []).map(point => ({ ...point, at: isVolume ? point.denominator : point.value }));
  const known = points.filter(point => point.denominator > 0);
  drawing.toggleAttribute('hidden', known.length === 0);
  if (known.length === 0) {
    setText(note, failed ? (typeof failed === 'string' ? failed : t('Không lấy được số liệu xu hướng.')) : series ? t('Chưa có số liệu trong {0} tuần.', points.length) : t('Đang lấy số liệu xu hướng…'));
    return;
  }
  const says = isVolume ? count : value => percent(value);
  const last = known.at(-1);
  const text = t('{0} tuần: {1} (tuần từ {2}) đến {3} (tuần từ {4}{5}).', points.length, says(known[0].at), shortDate(known[0].from), says(last.at), shortDate(last.from),
    last.closed ? '' : t(', chưa hết tuần'));
  setText(note, `${isOld ? `${t('Số liệu cũ, không đánh giá')}. ` : ''}${text}`);
  const [width] = proportion(drawing, WIDTH, HEIGHT);
  if (!isNews(box, width, isVolume, isOld, points)) return;
  FRAME.right = width - 8;
  setPart(drawing, 'aria-label', text);
  drawing.replaceChildren(...(isVolume ? bars(points, says) : lines(points, says)));
}

function lines(points, says) {
  const known = points.filter(point => point.denominator > 0);
  const target = points.at(-1).target;
  const ends = known.flatMap(point => [point.at, point.most ?? point.at]).concat(Number.isFinite(target) ? target : []);
  const [low, high] = [Math.max(0, Math.min(...ends) - 0.03), Math.min(1, Math.max(...ends) + 0.03)];
  const x = index => round(FRAME.left + 24 + (FRAME.right - FRAME.left - 48) * index / Math.max(1, points.length - 1));
  const y = share => round(FRAME.bottom - (FRAME.bottom - FRAME.top) * (share - low) / (high - low));
  const places = points.map((point, index) => ({ point, px: x(index), py: y(point.at) })).filter(({ point }) => point.denominator > 0);
  const path = places.map(({ px, py }) => `${px},${py}`).join(' ');
  return [
    ...axis(points, x),
    ...(Number.isFinite(target) ? [shape('line', { class: 'target', x1: FRAME.left, x2: FRAME.right, y1: y(target), y2: y(target) })] : []),
    ...places.filter(({ point }) => point.unobserved > 0).map(({ point, px, py }) => shape('line', { class: 'open', x1: px, x2: px, y1: py, y2: y(point.most) })),
    shape('polyline', { class: 'course', points: path }),
    ...places.map(({ point, px, py }) => titled(shape('circle', { class: point.closed ? 'week' : 'week current', cx: px, cy: py, r: 5 }), point, says)),
    ...named(places).map(place => label(place, says(place.point.at), places, y)),
  ];
}

/** The last week is named, and the first where there is room for both. */
const named = places => (places.length > 3 ? [places.at(-1), places[0]] : [places.at(-1)]);

const LETTER = 11;

/** The text stands over everything drawn above its width, or below it where there is no room; never on a point. */
function label({ px }, text, places, y) {
  const half = text.length * LETTER / 2;
  const at = Math.min(Math.max(px, FRAME.left + half), FRAME.right - half);
  const ends = places.filter((place, index) => [index - 1, index, index + 1].some(near => places[near] && Math.abs(places[near].px - at) < half + 6));
  const over = Math.min(...ends.flatMap(({ point, py }) => (point.unobserved > 0 ? [py, y(point.most)] : [py]))) - 10;
  const below = Math.max(...ends.map(({ py }) => py)) + 24;
  return shape('text', { class: 'value', x: round(at), y: over < FRAME.top + 6 ? below : over, 'text-anchor': 'middle' }, text);
}

function bars(points, says) {
  const most = Math.max(...points.map(point => point.at), 1);
  const step = (FRAME.right - FRAME.left) / points.length;
  const x = index => round(FRAME.left + step * (index + 0.5));
  const y = n => round(FRAME.bottom - (FRAME.bottom - FRAME.top - 16) * n / most);
  return [
    ...axis(points, x),
    ...points.map((point, index) => titled(shape('rect', {
      class: point.closed ? 'bar-of-week' : 'bar-of-week current', x: round(x(index) - step * 0.35), width: round(step * 0.7), y: y(point.at), height: round(FRAME.bottom - y(point.at)),
    }), point, says)),
    shape('text', { class: 'value', x: x(points.length - 1), y: y(points.at(-1).at) - 5, 'text-anchor': 'middle' }, says(points.at(-1).at)),
  ];
}

function axis(points, x) {
  const shown = new Set([0, Math.floor((points.length - 1) / 2), points.length - 1]);
  return [
    shape('line', { class: 'grid', x1: FRAME.left, x2: FRAME.right, y1: FRAME.bottom, y2: FRAME.bottom }),
    ...points.flatMap((point, index) => (shown.has(index) ? [shape('text', { class: 'axis', x: x(index), y: HEIGHT - 6, 'text-anchor': 'middle' }, shortDate(point.from))] : [])),
  ];
}

function titled(mark, point, says) {
  const fraction = point.numerator === null ? '' : ` (${count(point.numerator)}/${count(point.denominator)})`;
  mark.append(shape('title', {}, `${shortDate(point.from)} – ${shortDate(point.to)}: ${says(point.at)}${fraction}`));
  return mark;
}

const round = number => Math.round(number * 10) / 10;

/** The question behind a trend. */
export const trendQuestion = (kpi, unit) => `/api/v1/series?kpi=${encodeURIComponent(kpi)}&unit=${encodeURIComponent(unit)}&step=week&count=12`;

export const TREND_EVERY_MS = 60_000;
