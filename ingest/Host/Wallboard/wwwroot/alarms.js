// Every alert there is, by what caused it and how bad it is, and the silences in force (?screen=alerts). The stream says which there are; the API adds grades,
// who has seen to them and why nobody is told, where the screen may ask it.

import { Alarm, STATES } from './alarm.js';
import { byId, isNews, make, setText } from './dom.js';
import { count, date, t, timeOfDay } from './language.js';
import { nameOf, spanName } from './names.js';

// The gravest first: figures that are wrong, then what cannot be seen, then what is seen.
const KINDS = [
  { kind: 'self_check', name: t('Số liệu không khớp với nhật ký') },
  { kind: 'source', name: t('Nguồn dữ liệu') },
  { kind: 'board', name: t('Màn hình im lặng') },
  { kind: 'ratio', name: t('Dưới chỉ tiêu'), isOfFigure: true },
  { kind: 'official_breach', name: t('Tháng đã khóa dưới chỉ tiêu'), isOfFigure: true },
  { kind: 'pace', name: t('Hồ sơ đến chậm hơn thường lệ') },
  { kind: 'silence', name: t('Không có hồ sơ lâu hơn thường lệ') },
  { kind: 'backlog', name: t('Tồn đọng và quá hạn') },
  { kind: 'copies', name: t('Bản sao không trả trong ngày') },
  { kind: 'low_volume', name: t('Ít phát sinh hồ sơ') },
];
const GRADES = ['critical', 'alarm', 'watch', 'report'];
const ORDER = ['firing', 'resolving', 'pending', 'resolved'];
let list = ''; // what the API is asked for: the first thousand of the board's unit
const SILENCES = '/api/v1/silences';
const EVERY_MS = 5_000;

const keyOf = ({ rule, unit, state, since }) => [rule, unit, state === 'resolved' ? since : ''].join('\n');
const alarms = new Map();
const groups = new Map();

/** @param only a unit's code: its alerts and no others; null for all */
export function showAlarms(frame, mode, only, context) {
  list = `/api/v1/alerts?limit=1000&unit=${encodeURIComponent(frame.province.code)}`;
  const known = context.answers.get(list, EVERY_MS).value ?? [];
  const counts = only ? null : frame.alertCounts; // the stream then lists a part; the API's first page is more of them
  const listed = counts && known.length > (frame.alerts ?? []).length ? known : frame.alerts ?? [];
  const alerts = listed.filter(alert => alert.state in STATES && (!only || alert.unit === only));
  const of = state => counts?.[state] ?? alerts.filter(alert => alert.state === state).length;
  const firing = of('firing') + of('resolving');
  setText(byId('alarms-count'), alerts.length === 0 ? (mode === 'live' ? t('Không có cảnh báo') : t('Chưa đủ số liệu để xét'))
    : t('{0} đang cảnh báo · {1} chờ', count(firing), count(of('pending'))) + (of('resolved') > 0 ? ` · ${t('{0} vừa hết', count(of('resolved')))}` : '') + (counts ? ` · ${t('hiện {0}', count(alerts.length))}` : ''));
  const details = new Map(known.map(one => [keyOf(one), one]));
  const silences = context.answers.get(SILENCES, EVERY_MS).value;
  showSilences(silences ?? [], context);
  layOut(groupsOf(alerts, details, context.figureOf), { ...context, mayAct: silences !== null });
}

function groupsOf(alerts, details, figureOf) {
  const found = new Map();
  for (const alert of alerts) {
    const detail = details.get(keyOf(alert)) ?? null;
    const at = KINDS.findIndex(one => one.kind === alert.kind);
    const figure = KINDS[at]?.isOfFigure ? figureOf(alert.figure) : null;
    const name = [KINDS[at]?.name ?? alert.rule, figure ? nameOf(figure) : '', figure ? spanName(detail?.period ?? '') : ''].filter(Boolean).join(' · ');
    const group = found.get(name) ?? { name, rank: at < 0 ? KINDS.length : at, kpi: figure?.kpi ?? null, alerts: [] };
    group.alerts.push({ alert, detail });
    found.set(name, group);
  }
  return [...found.values()].sort((a, b) => a.rank - b.rank);
}

const gravity = ({ alert, detail }) => [ORDER.indexOf(alert.state), detail ? GRADES.indexOf(detail.grade) : 0, -Date.parse(alert.since)];

function compare(a, b) {
  const [x, y] = [gravity(a), gravity(b)];
  const at = x.findIndex((value, index) => value !== y[index]);
  return at < 0 ? 0 : x[at] - y[at];
}

/** Groups and alerts keep their elements; they are moved only when their order has changed. */
function layOut(shown, context) {
  const kept = new Set();
  for (const group of shown) {
    const part = groups.get(group.name) ?? newGroup(group.name);
    setText(part.head, `${group.name} (${count(group.alerts.length)})`);
    place(part.list, group.alerts.sort(compare).map(each => elementOf(each, group.kpi, kept, context)));
  }
  for (const key of alarms.keys()) if (!kept.has(key)) alarms.delete(key);
  for (const name of groups.keys()) if (!shown.some(group => group.name === name)) groups.delete(name);
  place(byId('alarms-list'), shown.map(group => groups.get(group.name).element));
}

function elementOf({ alert, detail }, kpi, kept, context) {
  const key = keyOf(alert);
  kept.add(key);
  const alarm = alarms.get(key) ?? new Alarm(() => [list, SILENCES].forEach(url => context.answers.renew(url)));
  alarms.set(key, alarm);
  alarm.show(alert, detail, { ...context, unitLink: context.linkToUnit(alert.unit), whyLink: kpi ? context.linkToWhy(kpi, alert.unit) : null });
  return alarm.element;
}

function newGroup(name) {
  const part = { element: make('section', 'cause'), head: make('h3'), list: make('ul') };
  part.element.append(part.head, part.list);
  groups.set(name, part);
  return part;
}

function place(box, elements) {
  if (elements.length === box.childElementCount && elements.every((element, index) => element === box.children[index])) return;
  box.replaceChildren(...elements);
}

function showSilences(silences, { answers }) {
  const box = byId('silences');
  byId('silences-part').hidden = silences.length === 0;
  if (!isNews(box, silences)) return;
  box.replaceChildren(...silences.map(one => silenceRow(one, () => [list, SILENCES].forEach(url => answers.renew(url)))));
}

function silenceRow(one, acted) {
  const row = make('li');
  const until = Date.parse(one.until);
  const about = [KINDS.find(each => each.kind === one.kind)?.name, one.unit, one.figure, one.cause].filter(Boolean).join(' · ');
  const button = make('button', '', t('Bỏ tạm tắt'));
  const problem = make('span', 'act-said');
  button.addEventListener('click', async () => {
    problem.textContent = await (await import('./act.js')).unsilence(one.id);
    if (!problem.textContent) acted();
  });
  const ends = t('đến {0} ngày {1}', timeOfDay(until).slice(0, 5), date(one.until));
  row.append(make('span', '', `${about}: ${one.reason} (${one.by}), ${ends}, ${t('{0} cảnh báo', count(one.matches))}`), button, problem);
  return row;
}
