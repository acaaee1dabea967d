// The lists beside the tiles: communes with little volume, alerts and cases in hand; and communes by pace (?screen=low): how long ago the last case came,
// how many came lately, and how many would be expected of that commune.

import { waitingText } from './answers.js';
import { byId, fill, fillHead, fillRows, fitRows, isNews, make, pairs, setText } from './dom.js';
import { alertText, capital, count, date, fullName, percent, t, timeOfDay } from './language.js';
import { unitName } from './names.js';

const beyond = { low: 0, alerts: 0 }; // how many there are that the stream does not list

const ALERT_WORDS = { firing: t('Đang cảnh báo'), resolving: t('Đang hết'), pending: t('Chờ xác nhận') };

/** The communes with little volume; with a unit given, only whether that one is listed. True when the list is another one. */
export function showLowVolume(low, unitCode, mode) {
  const known = low?.known !== false && mode !== 'loading' && mode !== 'empty';
  const units = (known ? low?.units ?? [] : []).filter(unit => !unitCode || unit.code === unitCode);
  setText(byId('low-total'), unitCode || !known ? '' : count(low?.count ?? units.length));
  beyond.low = unitCode || !known ? 0 : (low?.count ?? units.length) - units.length;
  const judged = low?.judged ? t('xét ngày {0}', date(low.judgedOn)) : t('tạm tính, xét ngày {0}', date(low?.judgedOn));
  const note = low ? `${t('Dưới {0} hồ sơ từ {1}', count(low.fewerThan), date(low.since))}, ${judged}` : '';
  setText(byId('low-note'), note);
  const none = !known ? t('Chưa đủ số liệu để xét') : unitCode ? t('Không thuộc danh sách') : t('Không có đơn vị nào');
  const list = byId('low-list');
  if (!isNews(list, note, units, none, beyond.low)) return false;
  list.replaceChildren(...units.length === 0 ? [make('li', 'none', none)] : units.map(unit => {
    const item = make('li');
    item.append(make('span', '', unit.name), make('b', '', count(unit.count)));
    return item;
  }));
  return true;
}

/** The alerts in force, the newest first. True when the list is another one. */
export function showAlerts({ alerts, alertCounts }, unitCode, mode) {
  const active = (alerts ?? []).filter(alert => alert.state in ALERT_WORDS && (!unitCode || alert.unit === unitCode));
  active.sort((a, b) => (a.state === 'pending') - (b.state === 'pending') || Date.parse(b.since) - Date.parse(a.since));
  const counts = unitCode ? null : alertCounts;
  const firing = counts ? counts.firing + counts.resolving : active.filter(alert => alert.state !== 'pending').length;
  const all = counts ? firing + counts.pending : active.length;
  beyond.alerts = all - active.length;
  setText(byId('alerts-total'), all === 0 ? '' : t('{0} đang cảnh báo · {1} chờ', count(firing), count(all - firing)));
  const none = mode === 'live' ? t('Không có cảnh báo') : t('Chưa đủ số liệu để xét');
  const list = byId('alerts-list');
  if (!isNews(list, active, none, beyond.alerts)) return false;
  list.replaceChildren(...active.length === 0 ? [make('li', 'none', none)] : active.map(alertRow));
  return true;
}

function alertRow(alert) {
  const item = make('li');
  item.dataset.state = alert.state;
  const since = Date.parse(alert.since);
  const head = make('p', 'alert-head');
  head.append(make('b', '', fullName(alert.unitName ?? alert.unit)), make('span', 'alert-word', ALERT_WORDS[alert.state]));
  item.append(head, make('p', 'alert-text', alertText(alert) + (Number.isFinite(since) ? ` (${t('từ {0}', timeOfDay(since).slice(0, 5))})` : '')));
  return item;
}

/** Fits both lists into the room there is: to be called when one of them is another one. */
export function fitRail() {
  fitRows(byId('low'), byId('low-list'), byId('low-more'), t('và {0} đơn vị khác'), beyond.low);
  fitRows(byId('alerts'), byId('alerts-list'), byId('alerts-more'), t('và {0} cảnh báo khác'), beyond.alerts);
}

/** Fits them again whenever the window or what stands above them has another size. */
export function keepRailFitting() {
  const above = new ResizeObserver(fitRail);
  for (const part of [document.querySelector('.rail'), byId('hero'), byId('filed')]) above.observe(part);
}

const GAUGES = [
  ['open', t('đang giải quyết')], ['overdue', t('quá hạn'), 'bad'], ['due_soon', t('sắp đến hạn'), 'soon'], ['paused', t('tạm dừng')], ['waiting', t('chờ tiếp nhận')],
];

export function showGauges(list, gauges) {
  fill(list, pairs(GAUGES.filter(([key]) => Number.isFinite(gauges?.[key]))
    .map(([key, label, tone]) => [label, count(gauges[key]), gauges[key] > 0 ? tone : undefined])));
}

const EVERY_MS = 60_000;

const PACE_STATES = {
  silent: t('Im lặng'),
  slow: t('Chậm hẳn'),
  few: t('Quá ít để so'),
  usual: t('Bình thường'),
};

/** The silent first, then those furthest below what is usual for them. */
const RANK = { silent: 0, slow: 1, few: 2, usual: 3 };

export function showPace(frame, mode, { answers, linkToUnit }) {
  const waits = mode === 'loading' || mode === 'empty';
  const asked = waits ? { value: null, failed: false } : answers.get(`/api/v1/pace?unit=${encodeURIComponent(frame.province?.code ?? '')}`, EVERY_MS);
  const { value } = asked;
  fillHead(byId('pace-head'), [t('Đơn vị'), t('Hồ sơ gần nhất'), t('{0} ngày làm việc qua', value?.recentDays ?? 5), t('Thường có'), t('So với thường lệ'), t('Từ đầu tháng'), t('Nhận định')]);
  const rows = [...value?.units ?? []].sort((a, b) => RANK[a.state] - RANK[b.state] || a.recent / (a.expected || 1) - b.recent / (b.expected || 1) || (a.code < b.code ? -1 : 1));
  fillRows(byId('pace'), rows.map(unit => ({
    s: { silent: 'breach', slow: 'not_observed', few: 'too_few', usual: 'ok' }[unit.state],
    href: linkToUnit(unit.code),
    cells: [
      capital(unitName(unit)), lastText(unit), count(unit.recent), unit.expected === null ? '–' : count(Math.round(unit.expected)),
      unit.expected > 0 ? percent(unit.recent / unit.expected, 0) : '–', count(unit.month), [mode === 'old' ? t('số liệu cũ') : PACE_STATES[unit.state], 'state'],
    ],
  })));
  const of = state => rows.filter(unit => unit.state === state).length;
  setText(byId('pace-count'), value === null ? (waits ? t('Chưa đủ số liệu để xét') : waitingText(asked))
    : t('{0} im lặng · {1} chậm hẳn · {2} quá ít để so', count(of('silent')), count(of('slow')), count(of('few'))));
  setText(byId('pace-note'), value === null ? '' : t('Thường có: trung bình mỗi ngày làm việc của chính đơn vị từ {0} đến {1}, nhân {2} ngày. Im lặng: không có hồ sơ nào trong {2} ngày làm việc mà lẽ ra có ít nhất {3}. Chậm hẳn: dưới một nửa.',
    date(value.baseFrom), date(value.baseTo), value.recentDays, value.leastExpected));
}

function lastText(unit) {
  if (unit.last === null) return t('chưa có');
  return unit.daysSince === 0 ? t('hôm nay') : unit.daysSince === 1 ? t('hôm qua') : t('{0} ngày trước', count(unit.daysSince));
}
