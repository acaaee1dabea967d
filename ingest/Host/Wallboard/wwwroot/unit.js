// One commune with everything the rulebook counts for it (?unit=11953): the page its own office opens on a phone.

import { byId, flash, make, setPart, setText } from './dom.js';
import { aimText, readingOf, unobservedText } from './reading.js';
import { capital, interval, unitName } from './vietnamese.js';
import { showGauges } from './lists.js';

/** Figures whose numbers are procedures and not cases. */
const PROCEDURES = new Set(['procedures_paid_nationally', 'procedures_offered_online']);

/** Fills the cards; a code the frame does not have is said plainly. Returns the unit, or undefined. */
export function showUnit(frame, code, mode) {
  const ofProcedures = code === frame.province?.code ? frame.procedureFigures ?? [] : []; // counted of the province only
  const unit = frame.units.get(code) ?? (code === frame.province?.code ? provinceAsUnit(frame, ofProcedures) : undefined);
  setText(byId('unit-name'), unit ? `${capital(unitName(unit))}${unit.known === false ? '' : ` · mã ${unit.code}`}` : `Không có đơn vị mã ${code} trong danh mục`);
  showGauges(byId('unit-gauges'), unit && (mode === 'live' || mode === 'old') ? unit : {});
  const figures = unit ? [...frame.figures ?? [], ...ofProcedures.map(one => one.figure)] : [];
  const cards = byId('cards');
  const names = figures.map(figure => figure.kpi).join();
  if (cards.dataset.names !== names) {
    cards.dataset.names = names;
    cards.replaceChildren(...figures.map(makeCard));
  }
  figures.forEach((figure, index) => fillCard(cards.children[index], figure, unit.cells?.[figure.kpi], mode));
  return unit;
}

/** The province itself opens as a page of the same kind: its small tiles with numerators, denominators and intervals. */
function provinceAsUnit(frame, ofProcedures) {
  return { ...frame.province, ...frame.gauges, cells: { ...frame.headline, ...Object.fromEntries(ofProcedures.map(one => [one.figure.kpi, one.cell])) } };
}

function makeCard(figure) {
  const card = make('li', 'card');
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  const state = make('p', 'card-state');
  state.append(mark, make('span'));
  const basis = make('details', 'card-basis');
  basis.append(make('summary', '', 'Căn cứ'), make('p', '', figure.basis ?? ''));
  card.append(make('h3', '', figure.nameVi), make('p', 'card-value'), state, make('p', 'card-note'), make('p', 'card-sentence', figure.sentence ?? ''), basis);
  return card;
}

function fillCard(card, figure, cell, mode) {
  const [, value, stateLine, note] = card.children;
  const reading = readingOf(figure, cell, mode);
  setPart(card, 'data-s', reading.s);
  card.classList.toggle('range', reading.isRange);
  const changed = setText(value, reading.value);
  const judged = reading.aim !== null && !figure.isVolume ? ` · ${aimText(reading.aim)}` : '';
  setText(stateLine.lastChild, `${reading.word}${judged}`);
  setText(note, noteText(figure, cell, reading, mode));
  if (changed) flash(card);
}

function noteText(figure, cell, reading, mode) {
  if (figure.isVolume || reading.cases === '' || !(cell?.d > 0)) return '';
  const sure = reading.bounds ? '' : `Khoảng tin cậy 95${'\u00a0'}%: ${interval(cell)}`;
  return [`${reading.cases} ${PROCEDURES.has(figure.kpi) ? 'thủ tục' : 'hồ sơ'}`, reading.isRange ? '' : reading.bounds, mode === 'live' ? unobservedText(figure, cell) : '', sure].filter(Boolean).join('\n');
}
