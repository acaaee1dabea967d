// The lists beside the tiles: communes with little volume, alerts, the other figures and cases in hand.

import { byId, fitRows, flash, make, pairs, setPart, setText } from './dom.js';
import { HERO_KPIS } from './hero.js';
import { STATES, capital, count, date, fraction, ratio, shortName, timeOfDay } from './vietnamese.js';

const ALERT_WORDS = { firing: 'Đang cảnh báo', pending: 'Chờ xác nhận' };

/** The literal rule of the July 2025 letter; with a unit given, only whether that one is listed. */
export function showLowVolume(low, unitCode, doubt) {
  const units = (low?.units ?? []).filter(unit => !unitCode || unit.code === unitCode);
  setText(byId('low-total'), unitCode ? '' : count(units.length));
  const judged = low?.judged ? `xét ngày ${date(low.judgedOn)}` : `tạm tính, xét ngày ${date(low?.judgedOn)}`;
  setText(byId('low-note'), low ? `Dưới ${count(low.fewerThan)} hồ sơ từ ${date(low.since)}, ${judged}` : '');
  byId('low-list').replaceChildren(...units.map(unit => {
    const item = make('li');
    item.append(make('span', '', unit.name), make('b', '', count(unit.count)));
    return item;
  }));
  if (units.length === 0) byId('low-list').append(make('li', 'none', doubt ? capital(doubt) : unitCode ? 'Không thuộc danh sách' : 'Không có đơn vị nào'));
}

export function showAlerts(alerts, unitCode) {
  const active = (alerts ?? []).filter(alert => alert.state in ALERT_WORDS && (!unitCode || alert.unit === unitCode));
  active.sort((a, b) => (a.state === b.state ? Date.parse(b.since) - Date.parse(a.since) : a.state === 'firing' ? -1 : 1));
  const firing = active.filter(alert => alert.state === 'firing').length;
  setText(byId('alerts-total'), active.length === 0 ? '' : `${count(firing)} đang cảnh báo · ${count(active.length - firing)} chờ xác nhận`);
  byId('alerts-list').replaceChildren(...active.map(alertRow));
  if (active.length === 0) byId('alerts-list').append(make('li', 'none', 'Không có cảnh báo'));
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
export function showFigures(frame, doubt) {
  const list = byId('figures');
  const figures = (frame.figures ?? []).filter(figure => !HERO_KPIS.has(figure.kpi));
  const names = figures.map(figure => figure.kpi).join();
  if (list.dataset.names !== names) {
    list.dataset.names = names;
    list.replaceChildren(...figures.map(figureTile));
  }
  figures.forEach((figure, index) => fillFigure(list.children[index], figure, frame.headline?.[figure.kpi], doubt));
}

function figureTile(figure) {
  const item = make('li', 'figure');
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  item.append(make('span', 'figure-name', shortName(figure)), mark, make('b', 'figure-value'), make('span', 'figure-note'), make('span', 'unseen'));
  return item;
}

function fillFigure(item, figure, cell, doubt) {
  const [, , value, note, word] = item.children;
  const judged = !figure.isVolume && Number.isFinite(figure.target);
  const state = cell?.s ?? 'no_data';
  setPart(item, 'data-s', judged || state === 'no_data' || state === 'too_few' ? state : 'plain');
  const changed = setText(value, figure.isVolume && cell ? count(cell.d ?? 0) : ratio(cell, figure.target));
  setText(note, figure.isVolume ? '' : figure.targetText ?? '');
  setPart(item, 'title', [figure.nameVi, figure.isVolume ? '' : `${fraction(cell)} hồ sơ`, figure.basis].filter(Boolean).join(' · '));
  setText(word, judged ? doubt || STATES[state] : '');
  if (changed) flash(value);
}

const GAUGES = [['open', 'đang giải quyết'], ['overdue', 'quá hạn', 'bad'], ['due_soon', 'sắp đến hạn', 'soon'], ['paused', 'tạm dừng'], ['waiting', 'chờ tiếp nhận']];

export function showGauges(list, gauges) {
  pairs(list, GAUGES.filter(([key]) => Number.isFinite(gauges?.[key]))
    .map(([key, label, tone]) => [label, count(gauges[key]), gauges[key] > 0 ? tone : undefined]));
}
