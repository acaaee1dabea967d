// What states, figures, units and conditions are called.

import { folded, lang, t } from './language.js';

export const STATES = {
  ok: t('Đạt'),
  breach: t('Chưa đạt'),
  too_few: t('Chưa đủ hồ sơ để xét'),
  no_data: t('Chưa có số liệu'),
  not_observed: t('Chưa ghi nhận đủ'),
  none: t('Không đặt chỉ tiêu'),
};

// Short names for small places; a figure not listed here shows the name the rulebook gives it.
const SHORT_NAMES = {
  online_payment: 'Nộp phí trực tuyến',
  national_payment: 'Nộp phí qua DVCQG',
  electronic_result: 'Kết quả điện tử',
  digitised: 'Số hóa hồ sơ',
  reused: 'Tái sử dụng dữ liệu',
  synced: 'Đồng bộ lên DVCQG',
  on_time: 'Giải quyết đúng hạn',
  due_on_time: 'Đến hạn, xong đúng hạn',
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

export const nameOf = figure => (lang === 'en' ? figure.nameEn ?? figure.nameVi : figure.nameVi);

export const shortName = figure => (lang === 'en' ? nameOf(figure) : SHORT_NAMES[figure.kpi] ?? figure.nameVi);

/** Figures whose numbers are procedures and not cases. */
export const PROCEDURES = new Set(['procedures_paid_nationally', 'procedures_offered_online']);

/** The unit with its kind, "phường Phố Hiến", unless the name begins with it, "Sở Y tế"; a code that is in no directory says so. */
export function unitName(unit) {
  if (unit.kind === 'quốc gia') return t('Cả nước');
  if (unit.known === false) return unit.name === unit.code ? t('mã {0} (ngoài danh mục)', unit.code) : t(unit.name);
  if (!unit.kind || folded(unit.name).startsWith(folded(unit.kind))) return unit.name;
  return lang === 'en' ? `${unit.name} ${t(unit.kind)}` : `${unit.kind} ${unit.name}`;
}

const FACTS = {
  online: 'hình thức nộp', fee_settled: 'thanh toán phí', result_given: 'hình thức kết quả', returned_remotely: 'hình thức trả', no_presence: 'có mặt',
  result_electronic: 'kết quả điện tử', signed: 'ký số', stored: 'lưu Kho dữ liệu', digitised: 'số hóa hồ sơ', result_digital: 'số hóa kết quả',
  reused: 'sử dụng lại dữ liệu', synced: 'đồng bộ', result_synced: 'đồng bộ kết quả', components_signed: 'ký số thành phần', vneid: 'định danh VNeID',
  satisfied: 'mức hài lòng', paid_national: 'thanh toán qua DVCQG', paid_online: 'thanh toán trực tuyến', on_time: 'hạn trả',
  same_day: 'trả trong ngày', non_boundary: 'nơi giải quyết',
};

/** The facts that items of a figure look at, as nouns. */
export const factNames = items => items.map(item => t(FACTS[item] ?? item)).join(', ');

const LACKING = {
  online: 'Không nộp trực tuyến', fee_settled: 'Chưa nộp phí qua Cổng DVCQG', result_given: 'Không có kết quả điện tử',
  returned_remotely: 'Không trả qua mạng hoặc bưu chính', no_presence: 'Công dân phải đến hoặc nộp bản giấy', result_electronic: 'Không có kết quả điện tử',
  signed: 'Kết quả chưa ký số', stored: 'Chưa lưu Kho dữ liệu', digitised: 'Chưa số hóa hồ sơ', result_digital: 'Kết quả chưa số hóa',
  reused: 'Chưa sử dụng lại dữ liệu', synced: 'Chưa đồng bộ lên Cổng DVCQG', result_synced: 'Chưa đồng bộ kết quả', components_signed: 'Thành phần chưa ký số',
  vneid: 'Chưa định danh VNeID', satisfied: 'Chưa hài lòng', paid_national: 'Không nộp qua Cổng DVCQG', paid_online: 'Không nộp trực tuyến',
  on_time: 'Quá hạn', same_day: 'Không trả trong ngày', non_boundary: 'Giải quyết tại nơi tiếp nhận', accepted_or_answered: 'Chưa tiếp nhận hoặc trả lời',
};

const LACKED = {
  online: 'nộp trực tuyến', fee_settled: 'nộp phí', result_given: 'kết quả điện tử', returned_remotely: 'trả từ xa', no_presence: 'không phải đến',
  result_electronic: 'kết quả điện tử', signed: 'ký số', stored: 'lưu Kho', digitised: 'số hóa', result_digital: 'số hóa kết quả', reused: 'sử dụng lại',
  synced: 'đồng bộ', result_synced: 'đồng bộ kết quả', components_signed: 'ký thành phần', vneid: 'VNeID', on_time: 'đúng hạn',
};

/** What a case lacks, in words; several of them short, in the order of the rulebook. */
export function lackingNames(set) {
  const items = set.split('+');
  return items.length === 1 ? t(LACKING[set] ?? set) : t('Thiếu: {0}', items.map(item => t(LACKED[item] ?? FACTS[item] ?? item)).join(' + '));
}

const CONDITIONS = {
  done: 'đã có kết quả', open: 'đang giải quyết', accepted: 'đã tiếp nhận', refused: 'bị từ chối', withdrawn: 'đã rút',
  certified_copy: 'thủ tục chứng thực bản sao', fee_due: 'phải nộp phí', paid: 'đã nộp phí', paid_national: 'nộp phí qua Cổng DVCQG',
  paid_online: 'nộp phí trực tuyến', rated: 'có đánh giá', satisfied: 'hài lòng', 'in:justice': 'thuộc danh mục tư pháp', no_presence: 'không phải đến, nộp giấy hay thẩm tra tại chỗ',
  non_boundary: 'phi địa giới', on_time: 'đúng hạn', same_day: 'trả trong ngày', online: 'nộp trực tuyến', result_digitised: 'kết quả giấy đã số hóa', result_electronic: 'kết quả điện tử',
  result_needed: 'phải có kết quả', result_synced: 'đã đồng bộ kết quả', returned_remotely: 'trả qua mạng hoặc bưu chính', reused: 'sử dụng lại dữ liệu',
  signed: 'đã ký số', stored: 'đã lưu Kho dữ liệu', synced: 'đã đồng bộ', vneid: 'định danh VNeID', digitised: 'đã số hóa', components_signed: 'thành phần đã ký số',
};

const NEGATED = { fee_due: 'không phải nộp phí', result_needed: 'không phải có kết quả', paused: 'không tạm dừng', linked: 'không liên thông' };

/** An item of the rulebook, which any of its conditions meets: "nộp phí qua Cổng DVCQG hoặc không phải nộp phí". */
export function itemName(conditions) {
  const isNegated = condition => condition.startsWith('not ');
  const said = condition => {
    const name = condition.replace(/^not /, '');
    return !isNegated(condition) ? t(CONDITIONS[name] ?? name) : NEGATED[name] ? t(NEGATED[name]) : t('không: {0}', t(CONDITIONS[name] ?? name));
  };
  return conditions.toSorted((a, b) => isNegated(a) - isNegated(b)).map(said).join(` ${t('hoặc')} `);
}

const SPANS = { day: 'Hôm nay', month: 'Tháng này', year: 'Năm nay', '30d': '30 ngày qua' };

export const spanName = period => t(SPANS[period] ?? period);
