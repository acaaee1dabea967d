// The wallboard: takes frames and deltas from the stream and lays them on the page; every second says how old they are.

import { byId, setPart, setText } from './dom.js';
import { Feed } from './feed.js';
import { showHero, tabTitle } from './hero.js';
import { Communes } from './communes.js';
import { fitRail, showAlerts, showFigures, showGauges, showLowVolume } from './lists.js';
import { showTrust } from './trust.js';
import { showUnit } from './unit.js';
import { modeOf } from './reading.js';
import { age, capital, dateOf, sameDay, shortName, timeOfDay, unitName } from './vietnamese.js';

const query = new URLSearchParams(location.search);
const unitCode = query.get('unit');
const untrusted = new Set(['lost', 'stale', 'loading', 'empty', 'connecting']);

const WORDS = {
  connecting: 'Đang kết nối…', live: 'Đang cập nhật trực tiếp', reconnecting: 'Mất tín hiệu, đang nối lại…',
  lost: 'Mất kết nối', stale: 'Dữ liệu cũ', loading: 'Đang đọc lại dữ liệu', empty: 'Chưa có dữ liệu',
};

function link(changes) {
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) value === null ? next.delete(key) : next.set(key, value);
  const text = next.toString();
  return text ? `/board?${text}` : '/board';
}

const communes = new Communes(query.get('sort') === 'name' ? 'name' : 'trouble', code => link({ unit: code }));
const feed = new Feed(streamAddress(), (message, known) => render(message.kind === 'frame' || !known));
let shown = '';

function streamAddress() {
  const token = query.get('token');
  return '/api/v1/stream' + (token ? `?token=${encodeURIComponent(token)}` : '');
}

function render(whole) {
  const frame = feed.frame;
  const mode = modeOf(feed.state());
  const figureOf = kpi => frame.figures?.find(figure => figure.kpi === kpi);
  const province = `${frame.province?.kind ?? ''} ${frame.province?.name ?? ''}`.trim();
  setText(byId('office'), `Trung tâm Phục vụ hành chính công ${province}`.trim());
  setText(byId('period'), frame.periodLabel ? ` · ${frame.periodLabel}` : '');
  byId('demo').hidden = !frame.demo;
  const unit = unitCode ? showUnit(frame, unitCode, mode) : null;
  const place = unitCode ? capital(unit ? unitName(unit) : `mã ${unitCode}`) : capital(province);
  const cells = unitCode ? unit?.cells : frame.headline;
  showHero(place, cells, figureOf, mode);
  document.title = tabTitle(place, cells?.fully_online, figureOf('fully_online'), mode);
  if (!unitCode) {
    communes.show(frame, figureOf('fully_online'), { whole, mode });
    showFigures(frame, mode);
    showGauges(byId('gauges'), mode === 'live' || mode === 'old' ? frame.gauges : {});
    setPart(byId('others-link'), 'href', link({ unit: frame.province?.code ?? null }));
  }
  const only = unitCode === frame.province?.code ? null : unitCode;
  showLowVolume(frame.lowVolume, only, mode);
  showAlerts(frame.alerts, only, mode);
  showTrust(frame.trust, kpi => { const figure = figureOf(kpi); return figure ? shortName(figure) : kpi; }, feed.now());
  fitRail();
  tick();
}

/** Age and state of the connection; a change of state is said once, aloud and in words. */
function tick() {
  feed.watch();
  const state = feed.state();
  showAge(feed.frame?.dataTime);
  showBanner(state, feed.frame); // what is wrong with the source may change while the state does not
  if (state === shown) return;
  shown = state;
  setPart(document.body, 'data-feed', state);
  document.body.classList.toggle('untrusted', state !== 'connecting' && untrusted.has(state));
  const source = feed.frame?.sourceState;
  setText(byId('link'), state === 'live' && source ? `${WORDS.live} · nguồn ${source}` : WORDS[state]);
  setText(byId('spoken'), WORDS[state]);
  if (feed.frame) render(false);
}

function showAge(dataTime) {
  const ms = Date.parse(dataTime);
  if (!Number.isFinite(ms)) {
    setText(byId('age'), 'Chưa có dữ liệu');
    return;
  }
  const now = feed.now();
  const day = sameDay(ms, now) ? '' : ` ngày ${dateOf(ms)}`;
  setText(byId('age'), `Dữ liệu đến ${timeOfDay(ms)}${day}, cách đây ${age((now - ms) / 1000)}`);
}

function showBanner(state, frame) {
  const dataTime = frame?.dataTime;
  const at = dataTime ? `số liệu dừng ở ${timeOfDay(Date.parse(dataTime))}` : 'chưa nhận được số liệu';
  const texts = {
    lost: ['Mất kết nối', `${at}, đang kết nối lại…`],
    stale: ['Dữ liệu cũ', `${at}, ${frame?.stale && frame.sourceState ? frame.sourceState : 'nguồn không gửi thêm'}`],
    loading: ['Đang đọc lại dữ liệu', 'số liệu hiện khi đọc xong'],
    empty: ['Chưa có dữ liệu', 'nguồn chưa gửi sự kiện nào'],
  };
  const [word, text] = texts[state] ?? ['', ''];
  setText(byId('banner-word'), word);
  setText(byId('banner-text'), text);
}

function showSort(sort) {
  for (const button of document.querySelectorAll('[data-sort]')) setPart(button, 'aria-pressed', String(button.dataset.sort === sort));
}

for (const button of document.querySelectorAll('[data-sort]')) {
  button.addEventListener('click', () => {
    const { sort } = button.dataset;
    sort === 'name' ? query.set('sort', 'name') : query.delete('sort');
    history.replaceState(null, '', link({})); // the address keeps the choice: a wall restarts with its address and nothing else
    showSort(sort);
    if (feed.frame) communes.sortBy(sort, feed.frame);
  });
}

showSort(query.get('sort') === 'name' ? 'name' : 'trouble');
setPart(document.body, 'data-view', unitCode ? 'unit' : 'province');
byId('unit').hidden = !unitCode;
byId('communes').hidden = byId('others').hidden = Boolean(unitCode);
byId('back').href = link({ unit: null });
addEventListener('resize', fitRail);
setInterval(tick, 1000);
feed.open();
