// The lists beside the tiles: communes with little volume, alerts, the other figures and cases in hand.

import { byId, fitRows, flash, make, pairs, setPart, setText } from './dom.js';
import { HERO_KPIS } from './hero.js';
import { aimText, readingOf, unobservedText } from './reading.js';
import { count, date, shortName, timeOfDay } from './vietnamese.js';

const ALERT_WORDS = { firing: 'Đang cảnh báo', pending: 'Chờ xác nhận' };

/** The communes with little volume; with a unit given, only whether that one is listed. */
export function showLowVolume(low, unitCode, mode) {
  const known = low?.known !== false && mode !== 'loading' && mode !== 'empty';
  const units = (low?.units ?? []).filter(unit => !unitCode || unit.code === unitCode);
  setText(byId('low-total'), unitCode || !known ? '' : count(units.length));
  const judged = low?.judged ? `xét ngày ${date(low.judgedOn)}` : `tạm tính, xét ngày ${date(low?.judgedOn)}`;
  setText(byId('low-note'), low ? `Dưới ${count(low.fewerThan)} hồ sơ từ ${date(low.since)}, ${judged}` : '');
  byId('low-list').replaceChildren(...units.map(unit => {
    const item = make('li');
    item.append(make('span', '', unit.name), make('b', '', count(unit.count)));
    return item;
  }));
  if (units.length === 0) byId('low-list').append(make('li', 'none', !known ? 'Chưa đủ số liệu để xét' : unitCode ? 'Không thuộc danh sách' : 'Không có đơn vị nào'));
}

export function showAlerts(alerts, unitCode, mode) {
  const active = (alerts ?? []).filter(alert => alert.state in ALERT_WORDS && (!unitCode || alert.unit === unitCode));
  active.sort((a, b) => (a.state === b.state ? Date.parse(b.since) - Date.parse(a.since) : a.state === 'firing' ? -1 : 1));
  const firing = active.filter(alert => alert.state === 'firing').length;
  setText(byId('alerts-total'), active.length === 0 ? '' : `${count(firing)} đang cảnh báo · ${count(active.length - firing)} chờ xác nhận`);
  byId('alerts-list').replaceChildren(...active.map(alertRow));
  if (active.length === 0) byId('alerts-list').append(make('li', 'none', mode === 'live' ? 'Không có cảnh báo' : 'Chưa đủ số liệu để xét'));
}

function alertRow(alert) {
  const item = make('li');
  item.dataset.state = alert.state;
  const since = Date.parse(alert.since);
  const head = make('p', 'alert-head');
  head.append(make('b', '', alert.unitName ?? alert.unit), make('span', 'alert-word', ALERT_WORDS[alert.state]));
  item.append(head, make('p', 'alert-text', Number.isFinite(since) ? `${alert.text} (từ ${timeOfDay(since).slice(0, 5)})` : alert.text));
  return item;
}

export function fitRail() {
  fitRows(byId('low'), byId('low-list'), byId('low-more'), 'đơn vị');
  fitRows(byId('alerts'), byId('alerts-list'), byId('alerts-more'), 'cảnh báo');
}

/** Every other figure of the rulebook as a small tile: value, fraction and target, state by mark and word. */
export function showFigures(frame, mode) {
  const list = byId('figures');
  const shown = (frame.figures ?? []).filter(figure => !HERO_KPIS.has(figure.kpi));
  const figures = shown.filter(figure => !figure.isVolume);
  const names = figures.map(figure => figure.kpi).join();
  if (list.dataset.names !== names) {
    list.dataset.names = names;
    const volumes = make('ul');
    volumes.id = 'volumes';
    const item = make('li', 'figure volumes');
    item.append(volumes);
    list.replaceChildren(...figures.map(figureTile), item);
  }
  figures.forEach((figure, index) => fillFigure(list.children[index], figure, frame.headline?.[figure.kpi], mode));
  const volumes = shown.filter(figure => figure.isVolume);
  list.lastChild.hidden = volumes.length === 0;
  pairs(byId('volumes'), volumes.map(figure => [shortName(figure), readingOf(figure, frame.headline?.[figure.kpi], mode).value]));
}

function figureTile(figure) {
  const item = make('li', 'figure');
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  item.append(make('span', 'figure-name', shortName(figure)), mark, make('b', 'figure-value'), make('span', 'figure-note'), make('span', 'unseen'));
  return item;
}

function fillFigure(item, figure, cell, mode) {
  const [, , value, note, word] = item.children;
  const reading = readingOf(figure, cell, mode);
  const { aim } = reading;
  setPart(item, 'data-s', reading.s);
  const changed = setText(value, reading.short ?? reading.value);
  setText(note, aim === null ? '' : aim.lapsed === null ? aim.text : `${aim.text} (${aim.lapsed})`);
  note.classList.toggle('lapsed', aim !== null && aim.lapsed !== null);
  setPart(item, 'title', [figure.nameVi, reading.word, reading.bounds, reading.cases && `${reading.cases} hồ sơ`, aimText(aim), mode === 'live' ? unobservedText(figure, cell) : '', figure.basis].filter(Boolean).join(' · '));
  setText(word, [reading.word, reading.bounds, aimText(aim)].filter(Boolean).join(', '));
  if (changed) flash(value);
}

const GAUGES = [['open', 'đang giải quyết'], ['overdue', 'quá hạn', 'bad'], ['due_soon', 'sắp đến hạn', 'soon'], ['paused', 'tạm dừng'], ['waiting', 'chờ tiếp nhận']];

export function showGauges(list, gauges) {
  pairs(list, GAUGES.filter(([key]) => Number.isFinite(gauges?.[key]))
    .map(([key, label, tone]) => [label, count(gauges[key]), gauges[key] > 0 ? tone : undefined]));
}
