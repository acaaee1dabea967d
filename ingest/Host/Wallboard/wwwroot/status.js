// What the head says of the connection and of the age of the data.

import { byId, setText } from './dom.js';
import { age, dateOf, lang, sameDay, t, timeOfDay } from './language.js';

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
