// What may be said of one figure of one place right now. Hero, tiles, strip and cards all ask here, so that they never contradict each other.

import { count, fraction, percent, ratio, t, written } from './language.js';
import { STATES, factNames } from './names.js';

/** How far the page may be trusted, from the state of the feed: live, loading (the past is being read), empty, or old (shown, but not judged). */
export function modeOf(state) {
  return state === 'loading' || state === 'empty' ? state : state === 'live' || state === 'reconnecting' ? 'live' : 'old';
}

const UNJUDGED = { loading: t('Đang đọc lại dữ liệu'), empty: t('Chưa có dữ liệu'), old: t('Số liệu cũ, không đánh giá') };

/** The target a cell is judged by: the unit's own, or the figure's. Null when there is none. */
function aimOf(figure, cell) {
  if (cell?.s === 'none' && !figure?.isVolume) return null;
  const value = cell?.t ?? figure?.target;
  if (!Number.isFinite(value)) return null;
  const text = cell?.t === undefined || cell.t === null ? written(figure.targetText) : value >= 1 ? percent(1) : `≥ ${percent(value, 2).replace(/[,.]?0+(?=\u00a0?%)/, '')}`;
  const lapsed = cell?.t === undefined || cell?.t === null ? figure.lapsed : cell.lapsed;
  return { value, text, lapsed: Number.isFinite(lapsed) ? lapsed : null };
}

/** "≥ 70 %", or with the year in which it lapsed: never as if it were in force. */
export const aimText = aim => (aim === null ? '' : aim.lapsed === null ? t('chỉ tiêu {0}', aim.text) : t('chỉ tiêu năm {0} đã hết hạn: {1}', aim.lapsed, aim.text));

/**
 * @returns s what colours and marks it; value and cases the figures as text ("–" and "" where nothing may be shown); word the state;
 * bounds "từ 61,2 % đến 83,0 %" where something was never observed (the value itself is then a range, unless the verdict is the same at both ends).
 */
export function readingOf(figure, cell, mode) {
  const aim = aimOf(figure, cell);
  if (mode === 'loading' || mode === 'empty') return { s: 'no_data', value: '–', cases: '', word: UNJUDGED[mode], bounds: '', isRange: false, aim };
  if (cell?.hidden) return { s: 'too_few', value: '–', cases: '', word: mode === 'old' ? UNJUDGED.old : t('Số nhỏ, không công bố'), bounds: '', isRange: false, aim };
  const has = cell?.d > 0;
  const given = cell?.s ?? 'no_data';
  const s = figure?.isVolume && given === 'none' ? 'plain' : given;
  const word = mode === 'old' ? UNJUDGED.old : given === 'no_data' && has ? t('Chờ số liệu mới') : STATES[given] ?? given;
  if (figure?.isVolume) return { s, value: count(cell?.d ?? 0), cases: '', word: mode === 'old' ? word : t('Số lượng hồ sơ'), bounds: '', isRange: false, aim };
  if (!has || (mode === 'live' && given === 'no_data')) return { s: 'no_data', value: '–', cases: has ? '' : fraction(cell), word, bounds: '', isRange: false, aim };
  const isOpen = cell.u > 0 && Number.isFinite(cell.most);
  const isRange = isOpen && given !== 'ok' && given !== 'breach';
  return {
    s, aim, word, isRange, cases: fraction(cell), value: isRange ? range(cell, 1) : ratio(cell, aim?.value),
    short: isRange ? range(cell, 0) : ratio(cell, aim?.value),
    bounds: isOpen ? t('từ {0} đến {1}', ratio(cell, aim?.value), ratio({ v: cell.most }, aim?.value)) : '',
  };
}

/** Both ends rounded outwards, so that the true bounds lie within and a target between them stays between them. */
function range(cell, decimals) {
  const unit = 10 ** decimals;
  const end = (v, round) => percent(round(v * 100 * unit) / unit / 100, decimals);
  return `${end(cell.v, x => Math.floor(x + 1e-9)).replace(/\u00a0?%/, '')}–${end(cell.most, x => Math.ceil(x - 1e-9))}`;
}

/** What was never observed in a cell and how much that is: "Quá nửa số hồ sơ …". Empty when everything was. */
export function unobservedText(figure, cell) {
  if (!(cell?.u > 0)) return '';
  const never = (figure?.neverSent ?? []).length > 0 && cell.u === cell.d ? t('nguồn không gửi: {0}', factNames(figure.neverSent)) : '';
  const some = (figure?.items ?? []).filter((_, index) => ((cell.x ?? 0) >> index) & 1);
  const which = never || (some.length > 0 ? t('thiếu: {0}', factNames(some)) : '');
  const much = cell.u * 2 > cell.d ? t('Quá nửa số hồ sơ chưa ghi nhận đủ') : t('Hồ sơ chưa ghi nhận đủ');
  return `${much}: ${count(cell.u)}/${count(cell.d)}${which ? ` (${which})` : ''}`;
}
