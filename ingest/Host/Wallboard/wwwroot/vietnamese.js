// How numbers and times are written in Vietnamese. Everything here is a pure function of its arguments.
// Written by rule and not by Intl, so that every screen shows the same text whatever locale data its browser has.

const NBSP = '\u00a0';
const DASH = '–';
const JOINED = '\u2060'; // a line may break after a dash, even before a no-break space
const LOCAL_OFFSET_MS = 7 * 3600 * 1000; // UTC+7 all year, whatever the time zone of the screen

/** A whole number with dots between thousands: 4.882. */
export function count(n) {
  return Number.isFinite(n) ? String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, '.') : DASH;
}

/** A share with a decimal comma: 71,6 %; whole hundreds and zero without decimals. */
export function percent(v, decimals = 1) {
  if (!Number.isFinite(v)) return DASH;
  const text = v === 0 || v === 1 ? String(v * 100) : (v * 100).toFixed(decimals);
  return text.replace('.', ',') + NBSP + '%';
}

/**
 * The ratio of a cell. Rounding must not carry a figure over its target or up to 100 %: 69,96 % is not "70,0 %",
 * so decimals are added until the text is on the side where the figure is.
 */
export function ratio(cell, target, least = 1) {
  if (!cell || !Number.isFinite(cell.v)) return DASH;
  const limit = Number.isFinite(target) && cell.v < target ? target : cell.v < 1 ? 1 : Infinity;
  let decimals = least;
  while (decimals < 4 && Number((cell.v * 100).toFixed(decimals)) >= limit * 100) decimals++;
  return percent(cell.v, decimals);
}

/** Numerator and denominator: 91/120. */
export function fraction(cell) {
  return `${count(cell?.n)}/${count(cell?.d)}`;
}

/** Milliseconds as seconds, to a tenth and never less than they are: 0,7. */
export function seconds(ms) {
  return ms < 100_000 ? (Math.ceil(ms / 100) / 10).toFixed(1).replace('.', ',') : count(Math.ceil(ms / 1000));
}

export function interval(cell) {
  return Number.isFinite(cell?.lo) && Number.isFinite(cell?.hi)
    ? [percent(cell.lo).replace(NBSP + '%', ''), DASH + JOINED, percent(cell.hi)].join(NBSP) : DASH;
}

const two = n => String(n).padStart(2, '0');
const local = ms => new Date(ms + LOCAL_OFFSET_MS);

export function timeOfDay(ms) {
  const t = local(ms);
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`;
}

export function sameDay(a, b) {
  return local(a).toISOString().slice(0, 10) === local(b).toISOString().slice(0, 10);
}

/** A local date the way the province writes it: 15/7/2025, 01/7/2025 (the month without a leading zero from March on). */
export function date(text) {
  const [year, month, day] = String(text ?? '').slice(0, 10).split('-');
  if (!day) return DASH;
  return `${day}/${Number(month) < 3 ? month : Number(month)}/${year}`;
}

/** The local date as programs write it. */
export const isoDate = ms => local(ms).toISOString().slice(0, 10);

export const dateOf = ms => date(isoDate(ms));

/** How long ago: 3 giây, 2 phút, 5 giờ, 4 ngày. Never negative: clocks of two machines differ a little. */
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 120) return `${s} giây`;
  if (s < 7200) return `${Math.floor(s / 60)} phút`;
  if (s < 172800) return `${Math.floor(s / 3600)} giờ`;
  return `${count(s / 86400)} ngày`;
}

export function capital(text) {
  return text ? text[0].toLocaleUpperCase('vi') + text.slice(1) : '';
}

/** Without accents and case, for searches: "Đoàn Đào" and "doan dao" are the same. */
export function folded(text) {
  return String(text ?? '').normalize('NFD').replace(/\p{M}|\p{Cf}/gu, '').replace(/[đĐð]/gu, 'd').toLowerCase().trim().replace(/\s+/g, ' ');
}
