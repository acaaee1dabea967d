// One commune with everything the rulebook counts for it (?unit=11953): the page its own office opens on a phone.

import { byId, flash, make, setPart, setText } from './dom.js';
import { STATES, capital, count, fraction, interval, ratio, unitName } from './vietnamese.js';
import { HERO_KPIS } from './hero.js';
import { showGauges } from './lists.js';

/** Fills the cards; a code the frame does not have is said plainly. Returns the unit, or undefined. */
export function showUnit(frame, code, doubt) {
  const unit = frame.units.get(code) ?? (code === frame.province?.code ? provinceAsUnit(frame) : undefined);
  setText(byId('unit-name'), unit ? `${capital(unitName(unit))} · mã ${unit.code}` : `Không có đơn vị mã ${code} trong danh mục`);
  showGauges(byId('unit-gauges'), unit ?? {});
  const figures = unit ? (frame.figures ?? []).filter(figure => !HERO_KPIS.has(figure.kpi)) : [];
  const cards = byId('cards');
  const names = figures.map(figure => figure.kpi).join();
  if (cards.dataset.names !== names) {
    cards.dataset.names = names;
    cards.replaceChildren(...figures.map(makeCard));
  }
  figures.forEach((figure, index) => fillCard(cards.children[index], figure, unit.cells?.[figure.kpi], doubt));
  return unit;
}

/** The province itself opens as a page of the same kind: its small tiles with numerators, denominators and intervals. */
function provinceAsUnit(frame) {
  return { ...frame.province, ...frame.gauges, cells: frame.headline };
}

function makeCard(figure) {
  const card = make('li', 'card');
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  const state = make('p', 'card-state');
  state.append(mark, make('span'));
  card.append(make('h3', '', figure.nameVi), make('p', 'card-value'), state, make('p', 'card-note'), make('p', 'card-basis', figure.basis ?? ''));
  return card;
}

function fillCard(card, figure, cell, doubt) {
  const [, value, stateLine, note] = card.children;
  const given = cell?.s ?? 'no_data';
  const state = given === 'none' ? 'ok' : given; // shown without a verdict, as it is not judged
  const judged = !figure.isVolume && Number.isFinite(figure.target);
  setPart(card, 'data-s', judged || state !== 'ok' ? state : 'plain');
  const changed = setText(value, figure.isVolume && cell ? count(cell.d ?? 0) : ratio(cell, figure.target));
  setText(stateLine.lastChild, stateText(figure, state, judged, doubt));
  setText(note, noteText(figure, cell));
  if (changed) flash(card);
}

function stateText(figure, state, judged, doubt) {
  if (doubt) return capital(doubt);
  if (figure.isVolume) return 'Số lượng hồ sơ';
  if (!judged && state === 'ok') return 'Không đặt chỉ tiêu';
  return judged && figure.targetText ? `${STATES[state]} · chỉ tiêu ${figure.targetText}` : STATES[state];
}

function noteText(figure, cell) {
  if (figure.isVolume || !(cell?.d > 0)) return '';
  return `${fraction(cell)} hồ sơ\nKhoảng tin cậy 95${'\u00a0'}%: ${interval(cell)}`;
}
