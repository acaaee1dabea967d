// What the head says of the connection and of the age of the data, and the line that says how far to trust it all: what was read and left out, under which
// rules, and what a recount of the log gave.

import { byId, fill, make, pairs, setText } from './dom.js';
import { age, count, date, dateOf, fullName, lang, sameDay, seconds, t, timeOfDay } from './language.js';

/** @param nameOf the short name of a figure by its id; @param now milliseconds */
export function showTrust(trust, nameOf, now) {
  if (!trust) return;
  const [lag, partitions] = [trust.lag ?? 0, trust.partitions ?? []];
  const items = pairs([
    [partitions.length > 0 ? t('sự kiện chưa đọc ở {0} phân vùng', count(partitions.length)) : t('sự kiện chưa đọc'), count(lag), lag > 0 ? 'soon' : undefined],
    [t('đến muộn hôm nay'), count(trust.lateToday ?? 0)],
    [t('bị loại hôm nay'), count(trust.rejectedToday ?? 0), trust.rejectedToday > 0 ? 'soon' : undefined],
  ]);
  items.push(versionItem(t('Bộ quy tắc'), trust.rulebook));
  const soon = trust.latency?.received ?? trust.latency?.published;
  if (soon) items.push(withTail(t('đến bảng: '), t('nửa số ≤ {0} giây, ', seconds(soon.p50)), t('99 % ≤ {0} giây', seconds(soon.p99)), 'latency'));
  for (const state of ['silent', 'gone', 'idle']) {
    const sources = (trust.sources ?? []).filter(one => one.state === state);
    items.push(...sources.length <= MOST_SOURCES ? sources.map(sourceItem) : [sourcesItem(state, sources)]);
  }
  if (trust.selfCheck) items.push(selfCheckItem(trust.selfCheck, nameOf, now));
  for (const text of trust.notes ?? []) {
    const item = make('li', 'clock-note', text);
    item.dataset.tone = 'soon';
    items.push(item);
  }
  const tail = pairs([[t('sự kiện đã đọc'), count(trust.events ?? 0)]]);
  tail.push(versionItem(t('Danh mục'), trust.directory), versionItem(t('Quy tắc cảnh báo'), trust.alertRules), versionItem(t('Lịch'), trust.calendar));
  const why = rejects(trust.rejectedReasons, trust.rejectedToday ?? 0);
  if (why) tail.push(make('li', 'reasons', t('Bị loại hôm nay vì: {0}', why)));
  for (const item of tail) item.classList.add('tail');
  fill(byId('trust'), [...items, ...tail]);
  byId('trust').title = partitions.map(part => `${part.name}: ${count(part.lag)}`).join('\n');
}

function versionItem(label, version) {
  const item = make('li', 'version', `${label} `);
  item.append(make('b', '', version ?? '–'));
  return item;
}

/** On the wall the line is one line: its tail is there on demand. */
function withTail(begin, tail, end, className) {
  const item = make('li', className, begin);
  item.append(make('span', 'tail', tail), end);
  return item;
}

// What came out, how bad that is, and whether it is about one unit's day.
const OUTCOMES = {
  pending: [t('chưa thực hiện')],
  equal: [t('khớp'), 'good', true],
  different: [t('LỆCH'), 'bad', true],
  damaged: [t('phát hiện hỏng'), 'bad'],
  incomplete: [t('không còn đủ để đếm'), 'soon'],
  unreadable: [t('không đọc được'), 'soon'],
  too_large: [t('quá nhiều hồ sơ'), 'soon', true],
};

const MOST_SOURCES = 2; // more of a kind are counted
const COUNTED = { silent: t('{0} nguồn im lặng'), gone: t('{0} nguồn không còn gửi'), idle: t('{0} nguồn chưa có sự kiện cần chờ') };

function sourcesItem(state, sources) {
  const item = withTail(COUNTED[state].replace('{0}', count(sources.length)), `: ${sources.map(one => one.name).join(', ')}`, '', 'source');
  if (state === 'silent') item.dataset.tone = 'bad';
  return item;
}

/** A source that is not heard of, or from which nothing is to be expected now; the server says it in Vietnamese. */
function sourceItem({ name, state, lastArrival, text }) {
  const at = Date.parse(lastArrival);
  const hour = Number.isFinite(at) ? timeOfDay(at).slice(0, 5) : '–';
  const words = state === 'gone' ? t('nguồn {0} không còn gửi', name)
    : state === 'idle' ? t('nguồn {0} chưa có sự kiện cần chờ, gần nhất {1}', name, hour) : t('nguồn {0} im lặng từ {1}', name, hour);
  const item = make('li', 'source', lang === 'en' ? words : text);
  if (state === 'silent') item.dataset.tone = 'bad';
  return item;
}

function selfCheckItem(check, nameOf, now) {
  const [word, tone, isOfUnit] = OUTCOMES[check.verdict] ?? [check.verdict, 'soon'];
  const item = make('li', 'self-check', `${t('Đếm lại từ nhật ký')} `);
  if (tone) item.dataset.tone = tone;
  item.append(make('b', '', word));
  const unit = isOfUnit ? ` · ${t('{0} ngày {1}', fullName(check.unitName), date(check.day))}` : '';
  const details = [whenOf(check.at, now), ...(check.differences ?? []).slice(0, 1).map(one => difference(one, nameOf))];
  item.append(make('span', tone === 'good' ? 'tail' : '', unit), details.filter(Boolean).map(text => ` · ${text}`).join(''));
  item.title = (check.differences ?? []).map(one => difference(one, nameOf)).join('\n');
  return item;
}

function whenOf(at, now) {
  const ms = Date.parse(at);
  if (!Number.isFinite(ms)) return '';
  return sameDay(ms, now) ? t('lúc {0}', timeOfDay(ms).slice(0, 5)) : t('lúc {0} ngày {1}', timeOfDay(ms).slice(0, 5), dateOf(ms));
}

const shown = (n, d) => (Number.isFinite(n) ? `${count(n)}/${count(d)}` : count(d));

/** "Hồ sơ tiếp nhận: bảng 12, nhật ký 11". */
function difference(one, nameOf) {
  return t('{0}: bảng {1}, nhật ký {2}', nameOf(one.kpi), shown(one.n, one.d), shown(one.countedN, one.countedD));
}

const REJECTS = {
  too_large: t('quá lớn'), malformed: t('sai định dạng'), unsupported_version: t('sai phiên bản'), missing: t('thiếu {0}'), bad_value: t('sai giá trị {0}'),
  from_the_future: t('thời điểm ở tương lai'), unknown_source: t('nguồn chưa khai báo'),
};

/** Why records were rejected: "2 sai định dạng, 1 sai giá trị fee, 4 lý do khác"; key names stay as they are. Empty when nothing was. */
function rejects(reasons, total, most = 3) {
  const counted = (reasons ?? []).slice(0, most).map(each => ({ n: each.count, text: (REJECTS[each.reason] ?? each.reason).replace('{0}', each.key ?? '') }));
  const rest = total - counted.reduce((sum, each) => sum + each.n, 0);
  if (counted.length > 0 && rest > 0) counted.push({ n: rest, text: t('lý do khác') });
  return counted.map(each => `${count(each.n)}\u00a0${each.text}`).join(', ');
}

const WORDS = {
  connecting: t('Đang kết nối…'), live: t('Đang cập nhật trực tiếp'), reconnecting: t('Mất tín hiệu, đang nối lại…'),
  lost: t('Mất kết nối'), stale: t('Dữ liệu cũ'), loading: t('Đang đọc lại dữ liệu'), empty: t('Chưa có dữ liệu'),
  denied: t('Hết quyền xem'),
};
const PHASES = { lost: t('nguồn không đọc được'), silent: t('nguồn im lặng'), idle: t('chưa có sự kiện cần chờ'), loading: t('đang đọc lại dữ liệu'), live: t('đang nhận dữ liệu') };

/** What the source is doing; the server says it in Vietnamese. */
const sourceText = frame => (lang === 'en' ? PHASES[frame?.phase] : frame?.sourceState) ?? '';

export function showAge(dataTime, now) {
  const ms = Date.parse(dataTime);
  if (!Number.isFinite(ms)) {
    setText(byId('age'), t('Chưa có dữ liệu'));
    return;
  }
  const at = sameDay(ms, now) ? timeOfDay(ms) : t('{0} ngày {1}', timeOfDay(ms), dateOf(ms));
  setText(byId('age'), t('Dữ liệu đến {0}, cách đây {1}', at, age((now - ms) / 1000)));
}

export function showBanner(state, frame) {
  const at = frame?.dataTime ? t('số liệu dừng ở {0}', timeOfDay(Date.parse(frame.dataTime))) : t('chưa nhận được số liệu');
  const texts = {
    lost: [t('Mất kết nối'), `${at}, ${t('đang kết nối lại…')}`],
    stale: [t('Dữ liệu cũ'), `${at}, ${frame?.stale && sourceText(frame) ? sourceText(frame) : t('nguồn không gửi thêm')}`],
    loading: [t('Đang đọc lại dữ liệu'), t('số liệu hiện khi đọc xong')],
    empty: [t('Chưa có dữ liệu'), t('nguồn chưa gửi sự kiện nào')],
  };
  const [word, text] = texts[state] ?? ['', ''];
  setText(byId('banner-word'), word);
  setText(byId('banner-text'), text);
}

export function showLink(state, frame) {
  const source = sourceText(frame);
  setText(byId('link'), state === 'live' && source ? `${WORDS.live} · ${t('nguồn {0}', source)}` : WORDS[state]);
  setText(byId('spoken'), WORDS[state]);
}
