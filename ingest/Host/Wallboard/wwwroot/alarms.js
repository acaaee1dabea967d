// Every alert there is, by what kind of cause it has and how bad it is (?screen=alerts).

import { byId, linkTo, make, setText } from './dom.js';
import { count, date, dateOf, sameDay, t, timeOfDay } from './language.js';
import { ALERT_WORDS } from './lists.js';
import { nameOf, spanName } from './names.js';

// The gravest first: figures that are wrong, then what cannot be seen, then what is seen.
const CAUSES = [
  { begin: 'self_check', name: t('Số liệu không khớp với nhật ký') },
  { begin: 'source', name: t('Nguồn dữ liệu') },
  { begin: 'silent_board', name: t('Màn hình im lặng') },
  { begin: 'below_target', name: t('Dưới chỉ tiêu'), isOfFigure: true },
  { begin: 'low_volume', name: t('Ít phát sinh hồ sơ'), isOfFigure: false },
];
const STATES = { ...ALERT_WORDS, resolved: t('Đã hết') };
const ORDER = ['firing', 'pending', 'resolved'];

/** @param only a unit's code: its alerts and no others; null for all */
export function showAlarms(frame, mode, only, { figureOf, linkToUnit, linkToWhy, now }) {
  const alerts = (frame.alerts ?? []).filter(alert => alert.state in STATES && (!only || alert.unit === only));
  const of = state => alerts.filter(alert => alert.state === state).length;
  setText(byId('alarms-count'), alerts.length === 0 ? (mode === 'live' ? t('Không có cảnh báo') : t('Chưa đủ số liệu để xét'))
    : t('{0} đang cảnh báo · {1} chờ xác nhận', count(of('firing')), count(of('pending'))) + (of('resolved') > 0 ? ` · ${t('{0} vừa hết', count(of('resolved')))}` : ''));
  const box = byId('alarms-list');
  const said = JSON.stringify([alerts, dateOf(now)]);
  if (box.dataset.said === said) return;
  box.dataset.said = said;
  box.replaceChildren(...groupsOf(alerts, figureOf).map(group => groupOf(group, { linkToUnit, linkToWhy, now })));
}

function groupsOf(alerts, figureOf) {
  const groups = new Map();
  for (const alert of alerts) {
    const [begin, kpi, period] = alert.rule.split(':');
    const at = CAUSES.findIndex(cause => begin.startsWith(cause.begin));
    const cause = CAUSES[at];
    const figure = figureOf(kpi);
    const name = [cause?.name ?? begin, cause?.isOfFigure && figure ? nameOf(figure) : '', cause?.isOfFigure ? spanName(period ?? '') : ''].filter(Boolean).join(' · ');
    const group = groups.get(name) ?? { name, rank: at < 0 ? CAUSES.length : at, kpi: cause?.isOfFigure ? kpi : null, alerts: [] };
    group.alerts.push(alert);
    groups.set(name, group);
  }
  return [...groups.values()].sort((a, b) => a.rank - b.rank);
}

function groupOf({ name, kpi, alerts }, { linkToUnit, linkToWhy, now }) {
  const part = make('section', 'cause');
  const list = make('ul');
  alerts.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || Date.parse(b.since) - Date.parse(a.since));
  list.append(...alerts.map(alert => alarmRow(alert, kpi, { linkToUnit, linkToWhy, now })));
  part.append(make('h3', '', `${name} (${count(alerts.length)})`), list);
  return part;
}

function alarmRow(alert, kpi, { linkToUnit, linkToWhy, now }) {
  const row = make('li');
  row.dataset.state = alert.state;
  const head = make('p', 'alarm-head');
  head.append(linkTo(linkToUnit(alert.unit), alert.unitName ?? alert.unit), make('span', 'alert-word', STATES[alert.state]), make('span', 'alarm-since', sinceText(alert.since, now)));
  const text = make('p', 'alarm-text', alert.text);
  text.lang = 'vi';
  row.append(head, text);
  if (kpi) row.append(linkTo(linkToWhy(kpi, alert.unit), t('Vì sao?')));
  return row;
}

function sinceText(since, now) {
  const ms = Date.parse(since);
  if (!Number.isFinite(ms)) return '';
  return sameDay(ms, now) ? t('từ {0}', timeOfDay(ms).slice(0, 5)) : t('từ {0} ngày {1}', timeOfDay(ms).slice(0, 5), date(since));
}
