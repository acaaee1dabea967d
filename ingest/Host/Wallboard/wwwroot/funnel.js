// A funnel plot: every unit by how many cases it has and how large its share is, between the limits within which chance alone would leave units that are
// exactly at the target. Who ranks the shares of small units ranks noise.

import { proportion, setPart, setText, shape } from './dom.js';
import { aimText } from './reading.js';
import { count, percent, ratio, t } from './language.js';
import { unitName } from './names.js';

const FRAME = { left: 56, right: 0, top: 16, bottom: 0 }; // the far sides as the box has them
const LIMITS = [{ name: '95', z: 1.959964 }, { name: '99,8', z: 3.090232 }]; // one unit of twenty, and one of five hundred, lies outside by chance
const STEPS = 48; // pieces of a limit's curve
const NAME_ROOM = { width: 150, height: 18 }; // of a name beside its point; one without room is left to the table

/** The share at a distance of z standard errors from the target, for n cases. */
const limitAt = (target, n, z) => target + z * Math.sqrt(target * (1 - target) / n);

/** Where a unit lies: outside of the wider limits, of the narrower, or within. What was never observed counts in its favour below and against it above. */
function zoneOf(cell, target) {
  const [narrow, wide] = LIMITS.map(({ z }) => z * Math.sqrt(target * (1 - target) / cell.d));
  const most = cell.most ?? cell.v;
  if (most < target - wide) return 'far-below';
  if (most < target - narrow) return 'below';
  if (cell.v > target + wide) return 'far-above';
  return cell.v > target + narrow ? 'above' : 'within';
}

let drawn = ''; // what the drawing shows: most messages change none of it

/**
 * @param rows { unit, cell, reading } of what the table shows
 * @param whole the province's cell: its share stands for the target where there is none
 */
export function drawFunnel(box, rows, figure, whole, mode) {
  const points = rows.filter(row => row.reading.cases !== '' && row.cell?.d > 0 && Number.isFinite(row.cell.v));
  const aim = points.find(row => row.reading.aim)?.reading.aim;
  const target = aim?.value ?? whole?.v;
  const note = box.querySelector('p');
  const drawing = box.querySelector('svg');
  const isEmpty = points.length === 0 || !Number.isFinite(target);
  drawing.toggleAttribute('hidden', isEmpty);
  if (isEmpty) {
    drawn = '';
    setText(note, t('Chưa có số liệu để vẽ.'));
    return;
  }
  const [width, height] = proportion(drawing, 640, 440);
  [FRAME.right, FRAME.bottom] = [width - 18, height - 44];
  const shownOf = ({ unit, cell, reading }) => `${unit.code} ${cell.n}/${cell.d} ${cell.u} ${reading.s}`;
  const shows = [width, height, mode, figure.kpi, target, aim?.lapsed, ...points.map(shownOf)].join();
  if (shows === drawn) return;
  drawn = shows;
  const plot = scalesOf(points, target);
  const zones = points.map(row => zoneOf(row.cell, target));
  const named = namedOf(plot, points, zones);
  drawing.replaceChildren(...grid(plot), ...(target > 0 && target < 1 ? LIMITS.flatMap(limit => curves(plot, target, limit)) : []), line(plot, target),
    ...points.map((row, index) => point(plot, row, zones[index])), ...named.map(row => label(plot, row)));
  const far = zones.filter(zone => zone === 'far-below').length;
  const about = aim ? aimText(aim) : t('tỷ lệ chung {0}', percent(target));
  const judged = mode === 'old' ? `${t('Số liệu cũ, không đánh giá')}. ` : '';
  const below = far === 0 ? t('Không đơn vị nào dưới giới hạn {0}.', percent(0.998)) : t('{0} đơn vị dưới giới hạn {1}.', count(far), percent(0.998));
  setText(note, `${judged}${t('Đường ngang: {0}. Trong vùng giới hạn, khác biệt có thể chỉ do ngẫu nhiên.', about)} ${below}`);
  setPart(drawing, 'aria-label', `${t('Biểu đồ phễu của {0} đơn vị quanh {1}.', count(points.length), about)} ${below} ${t('Bảng bên cạnh có cùng số liệu.')}`);
}

/** Cases on a logarithmic axis, because communes differ a hundredfold; shares from a little below the lowest to a little above the highest. */
function scalesOf(points, target) {
  const sizes = points.map(row => row.cell.d);
  const [least, most] = [Math.min(...sizes) / 1.3, Math.max(...sizes) * 1.3];
  const ends = points.flatMap(row => [row.cell.v, row.cell.most ?? row.cell.v]);
  const low = Math.max(0, Math.floor((Math.min(target, ...ends) - 0.02) * 20) / 20);
  const high = Math.min(1, Math.ceil((Math.max(target, ...ends) + 0.02) * 20) / 20);
  return {
    least, most, low, high,
    x: n => FRAME.left + (FRAME.right - FRAME.left) * Math.log(n / least) / Math.log(most / least),
    y: share => FRAME.bottom - (FRAME.bottom - FRAME.top) * (Math.min(high, Math.max(low, share)) - low) / (high - low),
  };
}

/** Who lies below what chance explains is named, the largest first, as far as no name covers another. */
function namedOf({ x, y }, points, zones) {
  const named = [];
  const middle = ({ d }) => x(d) + (isRight(x(d)) ? -1 : 1) * NAME_ROOM.width / 2;
  const isApart = (one, other) => Math.abs(y(one.v) - y(other.v)) > NAME_ROOM.height || Math.abs(middle(one) - middle(other)) > NAME_ROOM.width;
  const isFree = row => named.every(other => isApart(other.cell, row.cell));
  for (const row of points.filter((_, index) => zones[index] === 'far-below').sort((a, b) => b.cell.d - a.cell.d)) if (isFree(row)) named.push(row);
  return named;
}

/** Names near the right edge stand on the other side of their points. */
const isRight = px => px > (FRAME.left + FRAME.right) * 0.7;

const round = number => Math.round(number * 10) / 10;

function grid({ x, y, least, most, low, high }) {
  const parts = [];
  const step = high - low > 0.5 ? 0.2 : high - low > 0.2 ? 0.1 : 0.05;
  for (let share = Math.ceil(low / step - 1e-9) * step; share <= high + 1e-9; share += step) {
    parts.push(shape('line', { class: 'grid', x1: FRAME.left, x2: FRAME.right, y1: round(y(share)), y2: round(y(share)) }),
      shape('text', { class: 'axis', x: FRAME.left - 8, y: round(y(share)) + 5, 'text-anchor': 'end' }, percent(Math.round(share * 100) / 100, 0)));
  }
  for (const n of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7].filter(n => n >= least && n <= most)) {
    parts.push(shape('line', { class: 'grid', x1: round(x(n)), x2: round(x(n)), y1: FRAME.top, y2: FRAME.bottom }),
      shape('text', { class: 'axis', x: round(x(n)), y: FRAME.bottom + 20, 'text-anchor': 'middle' }, count(n)));
  }
  parts.push(shape('text', { class: 'axis', x: (FRAME.left + FRAME.right) / 2, y: FRAME.bottom + 40, 'text-anchor': 'middle' }, t('Tổng số hồ sơ của đơn vị')));
  return parts;
}

function curves({ x, y, least, most }, target, { name, z }) {
  const at = index => least * (most / least) ** (index / STEPS);
  return [-1, 1].map(side => {
    const path = Array.from({ length: STEPS + 1 }, (_, index) => `${round(x(at(index)))},${round(y(limitAt(target, at(index), side * z)))}`).join(' ');
    return shape('polyline', { class: `limit limit-${name.replace(',', '-')}`, points: path });
  });
}

const line = ({ y }, target) => shape('line', { class: 'target', x1: FRAME.left, x2: FRAME.right, y1: round(y(target)), y2: round(y(target)) });

/** The mark of its state, as in tiles and table; what was never observed is a line up to the share it may be. */
function point({ x, y }, { unit, cell, reading }, zone) {
  const [px, py] = [round(x(cell.d)), round(y(cell.v))];
  const group = shape('g', { class: `point ${zone}`, 'data-s': reading.s, 'data-unit': unit.code });
  group.append(shape('title', {}, `${unitName(unit)}: ${ratio(cell, reading.aim?.value)}, ${t('{0} hồ sơ', reading.cases)}, ${reading.word}`));
  if (cell.u > 0 && Number.isFinite(cell.most)) group.append(shape('line', { x1: px, x2: px, y1: py, y2: round(y(cell.most)) }));
  const marks = {
    breach: ['path', { d: `M${px - 6},${py - 5}h12l-6,11z` }],
    not_observed: ['path', { d: `M${px},${py - 6}l6,6l-6,6l-6,-6z`, class: 'hollow' }],
    too_few: ['circle', { cx: px, cy: py, r: 4.5, class: 'hollow' }],
    no_data: ['circle', { cx: px, cy: py, r: 4.5, class: 'hollow' }],
  };
  group.append(shape(...(marks[reading.s] ?? ['circle', { cx: px, cy: py, r: 4.5 }])));
  return group;
}

function label({ x, y }, { unit, cell }) {
  const px = round(x(cell.d));
  const isLeft = isRight(px);
  return shape('text', { class: 'name', x: px + (isLeft ? -10 : 10), y: round(y(cell.v)) + 5, 'text-anchor': isLeft ? 'end' : 'start' }, unit.name);
}
