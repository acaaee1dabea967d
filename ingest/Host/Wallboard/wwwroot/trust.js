// The line that says how far to trust it all: what was read and left out, under which rules, and what a recount of the log gave.

import { byId, make, pairs } from './dom.js';
import { count, date, dateOf, rejects, sameDay, timeOfDay } from './vietnamese.js';

/** @param nameOf the short name of a figure by its id; @param now milliseconds */
export function showTrust(trust, nameOf, now) {
  if (!trust) return;
  const lag = trust.lag ?? 0;
  pairs(byId('trust'), [
    ['sự kiện đến muộn hôm nay', count(trust.lateToday ?? 0)],
    ['sự kiện bị loại hôm nay', count(trust.rejectedToday ?? 0), trust.rejectedToday > 0 ? 'soon' : undefined],
    ['sự kiện đã đọc', count(trust.events ?? 0)],
    ['sự kiện Kafka chưa đọc', count(lag), lag > 0 ? 'soon' : undefined],
  ]);
  for (const [label, version] of [['Bộ quy tắc', trust.rulebook], ['Danh mục', trust.directory]]) {
    const item = make('li', 'version', `${label} `);
    item.append(make('b', '', version ?? '–'));
    byId('trust').append(item);
  }
  if (trust.selfCheck) byId('trust').append(selfCheckItem(trust.selfCheck, nameOf, now));
  for (const text of trust.notes ?? []) {
    const item = make('li', 'clock-note', text);
    item.dataset.tone = 'soon';
    byId('trust').append(item);
  }
  const why = rejects(trust.rejectedReasons, trust.rejectedToday ?? 0);
  if (why) byId('trust').append(make('li', 'reasons', `Bị loại hôm nay vì: ${why}`));
  byId('trust').title = (trust.partitions ?? []).map(part => `${part.name}: ${count(part.lag)}`).join('\n');
}

// What came out, how bad that is, and whether it is about one unit's day.
const OUTCOMES = {
  pending: ['chưa thực hiện'],
  equal: ['khớp', 'good', true],
  different: ['LỆCH', 'bad', true],
  damaged: ['phát hiện hỏng', 'bad'],
  incomplete: ['không còn đủ để đếm', 'soon'],
  unreadable: ['không đọc được', 'soon'],
  too_large: ['quá nhiều hồ sơ', 'soon', true],
};

function selfCheckItem(check, nameOf, now) {
  const [word, tone, isOfUnit] = OUTCOMES[check.verdict] ?? [check.verdict, 'soon'];
  const item = make('li', 'self-check', 'Đếm lại từ nhật ký ');
  if (tone) item.dataset.tone = tone;
  item.append(make('b', '', word));
  const details = [isOfUnit ? `${check.unitName} ngày ${date(check.day)}` : '', whenOf(check.at, now), ...(check.differences ?? []).slice(0, 1).map(one => difference(one, nameOf))];
  item.append(details.filter(Boolean).map(text => ` · ${text}`).join(''));
  item.title = (check.differences ?? []).map(one => difference(one, nameOf)).join('\n');
  return item;
}

function whenOf(at, now) {
  const ms = Date.parse(at);
  if (!Number.isFinite(ms)) return '';
  return sameDay(ms, now) ? `lúc ${timeOfDay(ms).slice(0, 5)}` : `lúc ${timeOfDay(ms).slice(0, 5)} ngày ${dateOf(ms)}`;
}

const shown = (n, d) => (Number.isFinite(n) ? `${count(n)}/${count(d)}` : count(d));

/** "Hồ sơ tiếp nhận: bảng 12, nhật ký 11". */
function difference(one, nameOf) {
  return `${nameOf(one.kpi)}: bảng ${shown(one.n, one.d)}, nhật ký ${shown(one.countedN, one.countedD)}`;
}
