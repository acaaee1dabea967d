// The strip under the tiles: the same ratio over other periods side by side, what happened today, and twelve weeks of it.

import { byId, fill, flash, isNews, make, pairs, setPart, setText } from './dom.js';
import { count, t } from './language.js';
import { STATES, shortName, spanName } from './names.js';
import { readingOf } from './reading.js';
import { TREND_EVERY_MS, drawTrend, trendQuestion } from './trend.js';

const KPI = 'fully_online';
const TODAY = ['arisen', 'received', 'handled'];

export function showGlance(frame, mode, { figureOf, answers, linkToPeriod }) {
  const spans = frame.spans ?? [];
  const list = byId('spans');
  if (isNews(list, spans.map(span => span.period))) list.replaceChildren(...spans.map(makeSpan));
  spans.forEach((span, index) => fillSpan(list.children[index], span, figureOf(KPI), mode, span.period === frame.period, linkToPeriod(span.period)));
  showToday(spans.find(span => span.period === 'day'), mode, figureOf);
  const asked = mode === 'loading' || mode === 'empty' || !frame.province ? null : answers.get(trendQuestion(KPI, frame.province.code), TREND_EVERY_MS);
  drawTrend(byId('trend'), asked?.value?.series?.[0] ?? null, { isVolume: false, isOld: mode === 'old', failed: asked?.failed });
}

function makeSpan() {
  const item = make('li');
  const link = make('a', 'span');
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  const state = make('p', 'span-state');
  state.append(mark, make('span'));
  link.append(make('span', 'span-name'), make('b', 'span-value'), make('span', 'span-cases'), state);
  item.append(link);
  return item;
}

function fillSpan(item, span, figure, mode, isShown, href) {
  const link = item.firstChild;
  const [name, value, cases, state] = link.children;
  const cell = span.cells?.[KPI];
  const reading = readingOf(figure, cell, mode);
  setPart(link, 'data-s', reading.s);
  setPart(link, 'href', href);
  isShown ? setPart(link, 'aria-current', 'true') : link.removeAttribute('aria-current');
  setText(name, spanName(span.period));
  if (setText(value, reading.short ?? reading.value)) flash(value);
  setText(cases, reading.cases);
  setText(state.lastChild, mode === 'live' && cell ? STATES[cell.s] ?? reading.word : reading.word);
}

function showToday(today, mode, figureOf) {
  const waits = mode === 'loading' || mode === 'empty' || !today;
  fill(byId('today'), pairs(TODAY.map(kpi => figureOf(kpi)).filter(Boolean)
    .map(figure => [shortName(figure), waits || today.cells[figure.kpi]?.hidden ? '–' : count(today.cells[figure.kpi]?.d ?? 0)])));
  setText(byId('today-name'), t('Hôm nay'));
}
