// The one figure the wall is about, and next to it, under its own name, the share that is so easily taken for it.

import { byId, flash, setPart, setText } from './dom.js';
import { aimText, readingOf, unobservedText } from './reading.js';
import { capital, count, interval, percent, t } from './language.js';
import { STATES, nameOf } from './names.js';

const NAMES = { fully_online: t('Hồ sơ xử lý trực tuyến toàn trình'), filed_online: t('Hồ sơ nộp trực tuyến') };

/** Shows the fully-online ratio and the filed-online share of one place; cells may be missing. */
export function showHero(place, cells, figureOf, mode) {
  setText(byId('hero-place'), place);
  showFullyOnline(cells?.fully_online, figureOf('fully_online'), mode);
  showFiledOnline(cells?.filed_online, figureOf('filed_online'), mode);
}

function showFullyOnline(cell, figure, mode) {
  const hero = byId('hero');
  const reading = readingOf(figure, cell, mode);
  setPart(hero, 'data-s', reading.s);
  hero.classList.toggle('range', reading.isRange);
  setText(byId('hero-name'), figure ? nameOf(figure) : NAMES.fully_online);
  if (setText(byId('hero-value'), reading.value)) flash(byId('hero-value'));
  setText(byId('hero-state'), mode === 'live' ? verdict(cell, reading) : reading.word);
  const waits = mode === 'loading' || mode === 'empty';
  setText(byId('hero-count'), waits || cell?.hidden ? '' : cell?.d > 0 ? t('{0} hồ sơ đã giải quyết', reading.cases).trim() : t('Chưa có hồ sơ đã giải quyết'));
  showScale(waits ? null : cell, reading.aim);
  const bounds = reading.isRange ? '' : capital(reading.bounds);
  const sure = !waits && !reading.bounds && Number.isFinite(cell?.lo) ? t('Khoảng tin cậy {0}: {1}', percent(0.95, 0), interval(cell)) : '';
  setText(byId('hero-note'), [bounds, mode === 'live' ? unobservedText(figure, cell) : '', sure].filter(Boolean).join('. '));
}

function verdict(cell, { aim, word }) {
  const state = cell?.s ?? 'no_data';
  if (aim === null || (state !== 'ok' && state !== 'breach')) return word;
  const which = aim.lapsed === null ? aim.text : t('chỉ tiêu năm {0}', aim.lapsed); // its value and that it has lapsed are said at the scale
  if (state === 'ok') return aim.lapsed === null ? t('Đạt chỉ tiêu {0}', which) : t('Đạt {0}', which);
  const missing = Number.isFinite(cell.n) ? Math.ceil(aim.value * cell.d - 1e-9) - cell.n - (cell.u ?? 0) : 0;
  return missing > 0
    ? t(cell.u > 0 ? 'Chưa đạt {0}, thiếu ít nhất {1} hồ sơ' : 'Chưa đạt {0}, thiếu {1} hồ sơ', which, count(missing)) : t('Chưa đạt {0}', which);
}

function showScale(cell, aim) {
  const scale = byId('hero-scale');
  const share = (name, value) => scale.style.setProperty(name, String(Number.isFinite(value) ? value : 0));
  const isOpen = cell?.u > 0;
  share('--value', cell?.v);
  share('--low', isOpen ? cell.v : cell?.lo); // what was never observed is wider than chance, and is what the band then shows
  share('--high', isOpen ? cell.most : cell?.hi);
  share('--target', aim?.value);
  scale.classList.toggle('aimless', aim === null);
  const text = aimText(aim);
  scale.classList.toggle('lapsed-target', aim !== null && aim.lapsed !== null);
  setText(byId('hero-target-label'), capital(text));
}

function showFiledOnline(cell, figure, mode) {
  const reading = readingOf(figure, cell, mode);
  setPart(byId('filed'), 'data-s', reading.s);
  byId('filed').classList.toggle('range', reading.isRange);
  setText(byId('filed-name'), figure ? nameOf(figure) : NAMES.filed_online);
  if (setText(byId('filed-value'), reading.value)) flash(byId('filed-value'));
  const judged = reading.aim === null ? '' : `${STATES[cell?.s] ?? STATES.no_data} · `;
  const goal = reading.aim === null ? '' : ` · ${mode === 'live' ? judged : ''}${aimText(reading.aim)}`;
  setText(byId('filed-note'), mode === 'loading' || mode === 'empty' || cell?.hidden ? reading.word : cell?.d > 0 ? `${t('{0} hồ sơ tiếp nhận', reading.cases)}${goal}`.trim() : STATES.no_data);
}

/** What the browser tab says, so that a board in the background still tells the figure. */
export function tabTitle(place, cell, figure, mode) {
  const reading = readingOf(figure, cell, mode);
  return mode === 'live' ? t('{0} toàn trình, {1}', reading.value, place) : mode === 'old' ? t('Số liệu cũ, {0}', place) : `${reading.word}, ${place}`;
}
