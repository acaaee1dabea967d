// Any figure down to what it is made of (?screen=why&figure=fully_online&unit=11953): numerator, denominator, conditions, the rule's sentence and documents,
// what the cases lack, and how complete the data are.

import { waitingText } from './answers.js';
import { byId, fillHead, fillRows, isNews, make, setText } from './dom.js';
import { capital, count, date, interval, percent, ratio, t } from './language.js';
import { factNames, itemName, lackingNames, nameOf } from './names.js';
import { aimText, readingOf, unobservedText } from './reading.js';
import { TREND_EVERY_MS, drawTrend, trendQuestion } from './trend.js';

const EVERY_MS = 30_000;
const RULES_EVERY_MS = 3_600_000;
const MOST_SETS = 10;

/** @param place the unit's name, @param cell what the board shows of it: the numbers above come from there and nowhere else */
export function showWhy(frame, { kpi, unit, place, cell }, mode, { answers, figureOf }) {
  const figure = figureOf(kpi);
  const waits = mode === 'loading' || mode === 'empty';
  const reading = readingOf(figure, cell, mode);
  setText(byId('why-name'), `${capital(nameOf(figure))} · ${place}`);
  byId('why').dataset.s = reading.s;
  setText(byId('why-value'), reading.value);
  setText(byId('why-state'), [reading.word, figure.isVolume ? '' : capital(aimText(reading.aim))].filter(Boolean).join(' · '));
  fillRows(byId('why-counts'), waits ? [] : countsOf(figure, cell, reading));
  setText(byId('why-sentence'), figure.sentence ?? '');
  setText(byId('why-basis'), figure.basis ?? '');
  const query = `kpi=${encodeURIComponent(kpi)}&unit=${encodeURIComponent(unit)}&period=${encodeURIComponent(frame.period)}`;
  const asked = waits ? { value: null, failed: false } : answers.get(`/api/v1/figures?${query}`, EVERY_MS);
  const answer = asked.value?.[0] ?? asked.value?.rows?.[0];
  showLacking(answer, asked, cell);
  showRule(answers.get('/api/v1/rulebook', RULES_EVERY_MS).value, kpi);
  fillRows(byId('why-trust'), trustOf(frame, figure, cell, mode, answer));
  const trend = waits ? { value: null, failed: false } : answers.get(trendQuestion(kpi, unit), TREND_EVERY_MS);
  drawTrend(byId('why-trend'), trend.value?.series?.[0] ?? null, { isVolume: figure.isVolume, isOld: mode === 'old', failed: trend.failed });
}

function countsOf(figure, cell, reading) {
  if (cell?.hidden) return [{ cells: [reading.word, '–'] }];
  if (figure.isVolume) return [{ cells: [t('Số hồ sơ'), count(cell?.d ?? 0)] }];
  const unknown = cell?.u ?? 0;
  return [
    { cells: [t('Đạt (tử số)'), count(cell?.n ?? 0)] },
    { cells: [t('Tổng số (mẫu số)'), count(cell?.d ?? 0)] },
    { cells: [t('Chưa ghi nhận đủ'), count(unknown)] },
    { cells: [t('Không đạt'), count((cell?.d ?? 0) - (cell?.n ?? 0) - unknown)] },
    { cells: [t('Tỷ lệ thấp nhất – cao nhất'), cell?.d > 0 ? `${ratio(cell, reading.aim?.value)} – ${percent(cell.most ?? cell.v)}` : '–'] },
    { cells: [t('Khoảng tin cậy {0}', percent(0.95, 0)), cell?.d > 0 ? interval(cell) : '–'] },
  ];
}

/** What the cases outside of the numerator lack: each condition, and the exact sets, whose sum is the number of those cases. */
function showLacking(answer, asked, cell) {
  const single = Object.entries(answer?.missing ?? {}).filter(([, cases]) => cases > 0).sort((a, b) => b[1] - a[1]);
  const sets = Object.entries(answer?.missingSets ?? {}).sort((a, b) => b[1] - a[1]);
  fillHead(byId('why-single-head'), [t('Điều kiện thiếu'), t('Hồ sơ'), t('Phần của mẫu số')]);
  fillHead(byId('why-sets-head'), [t('Thiếu đúng những điều kiện này'), t('Hồ sơ'), t('Phần của mẫu số')]);
  const share = cases => (cell?.d > 0 ? percent(cases / cell.d) : '–');
  fillRows(byId('why-single'), single.map(([item, cases]) => ({ cells: [lackingNames(item), count(cases), share(cases)] })));
  fillRows(byId('why-sets'), sets.slice(0, MOST_SETS).map(([set, cases]) => ({ cells: [lackingNames(set), count(cases), share(cases)] })));
  byId('why-single').parentElement.hidden = single.length === 0;
  byId('why-sets').parentElement.hidden = sets.length === 0;
  setText(byId('why-lacking-note'), answer === undefined
    ? waitingText(asked) : sets.length === 0 ? t('Không có hồ sơ nào thiếu điều kiện.') : sets.length > MOST_SETS ? t('và {0} tổ hợp khác', count(sets.length - MOST_SETS)) : '');
}

function showRule(rulebook, kpi) {
  const rule = [...rulebook?.figures ?? [], ...rulebook?.procedureFigures ?? []].find(figure => figure.kpi === kpi);
  for (const [id, items] of [['why-of', rule?.of], ['why-count', rule?.count]]) {
    const list = byId(id);
    const texts = (items ?? []).map(item => capital(itemName(item.anyOf)));
    if (isNews(list, texts)) list.replaceChildren(...texts.map(text => make('li', '', text)));
  }
  byId('why-count-part').hidden = !rule?.count;
  setText(byId('why-version'), rule ? t('Quy tắc {0}, phiên bản {1}; không đánh giá khi dưới {2} hồ sơ', rule.kpi, rule.version, count(rule.tooFew)) : '');
}

function trustOf(frame, figure, cell, mode, answer) {
  const trust = frame.trust ?? {};
  const days = answer?.from ? `${date(answer.from)} – ${date(answer.to)}` : frame.periodLabel;
  return [
    { cells: [t('Kỳ số liệu'), [days, answer?.closed === true ? t('đã đóng') : answer?.closed === false ? t('chưa đóng') : ''].filter(Boolean).join(', ')] },
    { cells: [t('Dữ liệu đến'), frame.dataTime ? `${frame.dataTime.slice(11, 19)} ${date(frame.dataTime)}` : '–'] },
    { cells: [t('Đến muộn / bị loại hôm nay'), `${count(trust.lateToday ?? 0)} / ${count(trust.rejectedToday ?? 0)}`] },
    { cells: [t('Nguồn chưa từng gửi'), (figure.neverSent ?? []).length > 0 ? factNames(figure.neverSent) : t('không thiếu gì')] },
    ...(mode === 'live' && cell?.u > 0 ? [{ cells: [t('Chưa ghi nhận'), unobservedText(figure, cell)] }] : []),
    { cells: [t('Bộ quy tắc'), trust.rulebook ?? '–'] },
    { cells: [t('Danh mục'), trust.directory ?? '–'] },
    { cells: [t('Lịch'), trust.calendar ?? '–'] },
  ];
}
