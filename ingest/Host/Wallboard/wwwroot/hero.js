// The one figure the wall is about, and next to it, under its own name, the share that is so easily taken for it.

import { byId, flash, setPart, setText } from './dom.js';
import { STATES, capital, count, fraction, interval, percent, ratio } from './vietnamese.js';

/** Figures with a place of their own; every other one is a small tile or a card. */
export const HERO_KPIS = new Set(['fully_online', 'filed_online']);

const NAMES = { fully_online: 'Hồ sơ xử lý trực tuyến toàn trình', filed_online: 'Hồ sơ nộp trực tuyến' };

/** Shows the fully-online ratio and the filed-online share of one place; cells may be missing. */
export function showHero(place, cells, figureOf, doubt) {
  setText(byId('hero-place'), place);
  showFullyOnline(cells?.fully_online, figureOf('fully_online'), doubt);
  showFiledOnline(cells?.filed_online, figureOf('filed_online'), doubt);
}

function showFullyOnline(cell, figure, doubt) {
  const hero = byId('hero');
  setPart(hero, 'data-s', cell?.s ?? 'no_data');
  setText(byId('hero-name'), figure?.nameVi ?? NAMES.fully_online);
  if (setText(byId('hero-value'), ratio(cell, figure?.target))) flash(byId('hero-value'));
  setText(byId('hero-state'), doubt ? `${capital(doubt)}, không đánh giá` : verdict(cell, figure));
  setText(byId('hero-count'), cell?.d > 0 ? `${fraction(cell)} hồ sơ đã giải quyết` : cell ? 'Chưa có hồ sơ đã giải quyết' : capital(doubt || STATES.no_data));
  showScale(cell, figure);
  setText(byId('hero-note'), Number.isFinite(cell?.lo) ? `Khoảng tin cậy 95${'\u00a0'}%: ${interval(cell)}` : '');
}

function verdict(cell, figure) {
  const state = cell?.s ?? 'no_data';
  const target = figure?.targetText;
  if (!target || (state !== 'ok' && state !== 'breach')) return STATES[state] ?? state;
  if (state === 'ok') return `Đạt chỉ tiêu ${target}`;
  const missing = Number.isFinite(cell.n) ? Math.ceil(figure.target * cell.d - 1e-9) - cell.n : 0;
  return missing > 0 ? `Chưa đạt ${target}, thiếu ${count(missing)} hồ sơ` : `Chưa đạt chỉ tiêu ${target}`;
}

function showScale(cell, figure) {
  const scale = byId('hero-scale');
  const share = (name, value) => scale.style.setProperty(name, String(Number.isFinite(value) ? value : 0));
  share('--value', cell?.v);
  share('--low', cell?.lo);
  share('--high', cell?.hi);
  share('--target', figure?.target);
  scale.classList.toggle('aimless', !Number.isFinite(figure?.target));
  setText(byId('hero-target-label'), figure?.targetText ? `Chỉ tiêu ${figure.targetText}` : '');
}

function showFiledOnline(cell, figure, doubt) {
  setPart(byId('filed'), 'data-s', cell?.s ?? 'no_data');
  setText(byId('filed-name'), figure?.nameVi ?? NAMES.filed_online);
  if (setText(byId('filed-value'), ratio(cell, figure?.target))) flash(byId('filed-value'));
  const goal = figure?.targetText ? ` · ${doubt ? '' : `${STATES[cell?.s] ?? STATES.no_data} `}${figure.targetText}` : '';
  setText(byId('filed-note'), cell?.d > 0 ? `${fraction(cell)} hồ sơ tiếp nhận${goal}` : cell ? STATES.no_data : doubt || STATES.no_data);
}

/** What the browser tab says, so that a board in the background still tells the figure. */
export function tabTitle(place, cell, figure, doubt) {
  const value = cell && Number.isFinite(cell.v) ? ratio(cell, figure?.target) : percent(NaN);
  return doubt ? `${capital(doubt)}, ${place}` : `${value} toàn trình, ${place}`;
}
