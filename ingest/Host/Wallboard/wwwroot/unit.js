// One unit with everything the rulebook counts for it (?unit=11953): the page its own office opens on a phone. Of a unit with rows of its own (?screen=figures)
// the same.

import { waitingText } from './answers.js';
import { byId, fillHead, fillRows, flash, isNews, make, setPart, setText } from './dom.js';
import { capital, count, date, interval, percent, t } from './language.js';
import { showGauges } from './lists.js';
import { PROCEDURES, lackingNames, nameOf, unitName } from './names.js';
import { aimText, readingOf, unobservedText } from './reading.js';
import { TREND_EVERY_MS, drawTrend, trendQuestion } from './trend.js';

const EVERY_MS = 60_000;
const KPI = 'fully_online';
const MOST_SETS = 6;

/** Fills the cards; a code the frame does not have is said plainly. Returns the unit, or undefined. */
export function showUnit(frame, code, mode, { linkToWhy }) {
  const isOwn = code === frame.province?.code;
  const ofProcedures = isOwn ? frame.procedureFigures ?? [] : []; // counted of the board's own unit only
  const unit = isOwn ? ownUnit(frame, ofProcedures) : frame.units.get(code);
  setText(byId('unit-name'), unit ? `${capital(unitName(unit))}${unit.known === false ? '' : ` · ${t('mã {0}', unit.code)}`}` : t('Không có đơn vị mã {0} trong danh mục', code));
  showGauges(byId('unit-gauges'), unit && (mode === 'live' || mode === 'old') ? unit : {});
  const figures = unit ? [...frame.figures ?? [], ...ofProcedures.map(one => one.figure)] : [];
  const cards = byId('cards');
  if (isNews(cards, code, figures.map(figure => figure.kpi))) cards.replaceChildren(...figures.map(makeCard));
  figures.forEach((figure, index) => {
    fillCard(cards.children[index], figure, unit.cells?.[figure.kpi], mode);
    if (!PROCEDURES.has(figure.kpi)) setPart(cards.children[index].lastChild, 'href', linkToWhy(figure.kpi, code));
  });
  return unit;
}

/** What is behind the unit's ratio: why cases do not count, its weeks, what is overdue, whom it took over from. */
export function showBehind(frame, code, mode, { answers, figureOf }) {
  const hidden = mode === 'loading' || mode === 'empty';
  const isListed = frame.units.get(code)?.known !== false; // of a code of no directory nothing else is known
  byId('behind').hidden = hidden;
  if (hidden) return;
  const unit = encodeURIComponent(code);
  const why = answers.get(`/api/v1/figures?kpi=${KPI}&unit=${unit}&period=${encodeURIComponent(frame.period)}`, EVERY_MS);
  const answer = why.value?.[0] ?? why.value?.rows?.[0];
  setText(byId('behind-why-name'), t('Vì sao chưa toàn trình'));
  const sets = Object.entries(answer?.missingSets ?? {}).sort((a, b) => b[1] - a[1]);
  fillRows(byId('behind-why'), sets.slice(0, MOST_SETS).map(([set, cases]) => ({ cells: [lackingNames(set), count(cases)] })));
  setText(byId('behind-why-note'), answer === undefined ? waitingText(why) : sets.length === 0 ? t('Không có hồ sơ nào thiếu điều kiện.')
    : sets.length > MOST_SETS ? t('và {0} tổ hợp khác', count(sets.length - MOST_SETS)) : '');
  const trend = answers.get(trendQuestion(KPI, code), TREND_EVERY_MS);
  drawTrend(byId('behind-trend'), trend.value?.series?.[0] ?? null, { isVolume: Boolean(figureOf(KPI)?.isVolume), isOld: mode === 'old', failed: trend.failed });
  byId('of-directory').hidden = !isListed;
  if (isListed) showUnitAnswer(answers.get(`/api/v1/units/${unit}`, EVERY_MS));
}

/** Overdue cases by their pseudonyms, the oldest deadline first, and the units that this one took over from. */
function showUnitAnswer(asked) {
  const { value } = asked;
  fillHead(byId('overdue-head'), [t('Hồ sơ (mã giả danh)'), t('Thủ tục'), t('Hạn trả')]);
  const overdue = value?.overdue ?? [];
  byId('overdue-table').hidden = overdue.length === 0;
  fillRows(byId('overdue'), overdue.map(one => ({ cells: [[one.case.slice(0, 12), 'code'], one.procedure ?? '–', date(one.due)] })));
  setText(byId('overdue-note'), value === null ? waitingText(asked) : overdue.length === 0 ? t('Không có hồ sơ quá hạn.')
    : value.overdueTotal > overdue.length ? t('và {0} hồ sơ khác', count(value.overdueTotal - overdue.length)) : '');
  const before = value?.predecessors ?? [];
  byId('predecessors-part').hidden = before.length === 0;
  setText(byId('predecessors'), before.map(unit => unitName(unit)).join(', '));
}

/** The board's own unit opens as a page of the same kind: its small tiles with numerators, denominators and intervals. */
function ownUnit(frame, ofProcedures) {
  return { ...frame.province, ...frame.gauges, cells: { ...frame.headline, ...Object.fromEntries(ofProcedures.map(one => [one.figure.kpi, one.cell])) } };
}

function makeCard(figure) {
  const card = make('li', 'card');
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  const state = make('p', 'card-state');
  state.append(mark, make('span'));
  const basis = make('details', 'card-basis');
  const text = make('p', '', figure.basis ?? '');
  text.lang = 'vi';
  basis.append(make('summary', '', t('Căn cứ')), text);
  const sentence = make('p', 'card-sentence', figure.sentence ?? '');
  sentence.lang = 'vi';
  const link = PROCEDURES.has(figure.kpi) ? make('span', 'card-why') : make('a', 'card-why', t('Vì sao?'));
  card.append(make('h3', '', nameOf(figure)), make('p', 'card-value'), state, make('p', 'card-note'), sentence, basis, link);
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
  const sure = reading.bounds ? '' : t('Khoảng tin cậy {0}: {1}', percent(0.95, 0), interval(cell));
  const cases = t(PROCEDURES.has(figure.kpi) ? '{0} thủ tục' : '{0} hồ sơ', reading.cases);
  return [cases, reading.isRange ? '' : reading.bounds, mode === 'live' ? unobservedText(figure, cell) : '', sure].filter(Boolean).join('\n');
}
