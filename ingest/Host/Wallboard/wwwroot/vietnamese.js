// How numbers, times and states are said in Vietnamese. Everything here is a pure function of its arguments.
// Written by rule and not by Intl, so that every screen shows the same text whatever locale data its browser has.

const NBSP = '\u00a0';
const DASH = '–';
const LOCAL_OFFSET_MS = 7 * 3600 * 1000; // UTC+7 all year, whatever the time zone of the screen

export const STATES = {
  ok: 'Đạt',
  breach: 'Chưa đạt',
  too_few: 'Chưa đủ hồ sơ để xét',
  no_data: 'Chưa có số liệu',
  not_observed: 'Chưa ghi nhận đủ',
  none: 'Không đặt chỉ tiêu',
};

// Short names for the small tiles; a figure not listed here shows the name the rulebook gives it.
const SHORT_NAMES = {
  online_payment: 'Nộp phí trực tuyến',
  national_payment: 'Nộp phí qua DVCQG',
  electronic_result: 'Kết quả điện tử',
  digitised: 'Số hóa hồ sơ',
  reused: 'Tái sử dụng dữ liệu',
  synced: 'Đồng bộ lên DVCQG',
  on_time: 'Giải quyết đúng hạn',
  same_day_copies: 'Chứng thực trong ngày',
  electronic_copies: 'Chứng thực điện tử',
  online_766: 'Trực tuyến (QĐ 766)',
  vneid: 'Định danh VNeID',
  satisfied: 'Mức độ hài lòng',
  feedback_on_time: 'Trả lời phản ánh',
  published_on_time: 'Công khai đúng hạn',
  fully_online_justice: 'Toàn trình tư pháp',
  filed_online_own: 'Nộp trong thẩm quyền',
  taken_in: 'Đã tiếp nhận, trả lời',
  settled_first: 'Có phí, đã nộp DVCQG',
  stored_result: 'Lưu Kho dữ liệu',
  returned_remotely: 'Trả kết quả từ xa',
  result_synced: 'Đồng bộ kết quả',
  non_boundary: 'Tiếp nhận phi địa giới',
  arisen: 'Hồ sơ phát sinh',
  linked_cases: 'Hồ sơ liên thông',
  received: 'Hồ sơ tiếp nhận',
  handled: 'Hồ sơ đã giải quyết',
  procedures_paid_nationally: 'TTHC nộp phí DVCQG',
  procedures_offered_online: 'TTHC toàn trình',
};

export function shortName(figure) {
  return SHORT_NAMES[figure.kpi] ?? figure.nameVi;
}

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

export function interval(cell) {
  return Number.isFinite(cell?.lo) && Number.isFinite(cell?.hi)
    ? [percent(cell.lo).replace(NBSP + '%', ''), DASH, percent(cell.hi)].join(NBSP) : DASH;
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

export function dateOf(ms) {
  return date(local(ms).toISOString());
}

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

const REJECTS = {
  too_large: 'quá lớn',
  malformed: 'sai định dạng',
  unsupported_version: 'sai phiên bản',
  missing: key => `thiếu ${key}`,
  bad_value: key => `sai giá trị ${key}`,
  from_the_future: 'thời điểm ở tương lai',
  unknown_source: 'nguồn chưa khai báo',
};

/** Why records were rejected: "2 sai định dạng, 1 sai giá trị fee, 4 lý do khác"; key names stay as they are. Empty when nothing was. */
export function rejects(reasons, total, most = 3) {
  const shown = (reasons ?? []).slice(0, most).map(each => {
    const word = REJECTS[each.reason] ?? each.reason;
    return { n: each.count, text: typeof word === 'function' ? word(each.key ?? '') : word };
  });
  const rest = total - shown.reduce((sum, each) => sum + each.n, 0);
  if (shown.length > 0 && rest > 0) shown.push({ n: rest, text: 'lý do khác' });
  return shown.map(each => `${count(each.n)}${NBSP}${each.text}`).join(', ');
}

/** The unit with its kind, "phường Phố Hiến", unless the name begins with it, "Sở Y tế"; a code that is in no directory says so. */
export function unitName(unit) {
  if (unit.known === false) return unit.name === unit.code ? `mã ${unit.code} (ngoài danh mục)` : unit.name;
  return unit.kind && !folded(unit.name).startsWith(folded(unit.kind)) ? `${unit.kind} ${unit.name}` : unit.name;
}

/** Without accents and case, for searches: "Đoàn Đào" and "doan dao" are the same. */
export function folded(text) {
  return String(text ?? '').normalize('NFD').replace(/\p{M}|\p{Cf}/gu, '').replace(/[đĐð]/gu, 'd').toLowerCase().trim().replace(/\s+/g, ' ');
}
