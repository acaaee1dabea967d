// Which communes hardly see cases (?screen=low): how long ago the last one came, how many came lately, and how many would be expected of that commune.

import { waitingText } from './answers.js';
import { byId, fillHead, fillRows, setText } from './dom.js';
import { capital, count, date, percent, t } from './language.js';
import { unitName } from './names.js';

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
