// The wallboard: takes frames and deltas from the stream and lays them on the page; every second says how old they are.

import { byId, setPart, setText } from './dom.js';
import { Feed } from './feed.js';
import { showHero, tabTitle } from './hero.js';
import { Communes } from './communes.js';
import { fitRail, showAlerts, showFigures, showGauges, showLowVolume } from './lists.js';
import { showTrust } from './trust.js';
import { showUnit } from './unit.js';
import { modeOf } from './reading.js';
import { addressWith, mistakeIn, readAddress } from './address.js';
import { UnitsScreen } from './units.js';
import { age, capital, dateOf, sameDay, shortName, timeOfDay, unitName } from './vietnamese.js';

const asked = readAddress(location.search);
const unitCode = asked.unit;
const view = asked.mistake ? 'wrong' : unitCode ? 'unit' : asked.screen;
const untrusted = new Set(['lost', 'stale', 'loading', 'empty', 'connecting']);

const WORDS = {
  connecting: 'Đang kết nối…', live: 'Đang cập nhật trực tiếp', reconnecting: 'Mất tín hiệu, đang nối lại…',
  lost: 'Mất kết nối', stale: 'Dữ liệu cũ', loading: 'Đang đọc lại dữ liệu', empty: 'Chưa có dữ liệu',
};

const link = changes => addressWith(location.search, changes);
const ofUnit = code => link({ unit: code, screen: null, sort: null, figure: null, group: null, find: null });

const communes = new Communes(asked.sort, ofUnit);
const units = view === 'units' ? new UnitsScreen(asked, keepChoice, ofUnit) : null;
const feed = new Feed(streamAddress(), (message, known) => render(message.kind === 'frame' || !known));
let shown = '';

function streamAddress() {
  return '/api/v1/stream' + (asked.token ? `?token=${encodeURIComponent(asked.token)}` : '');
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
  if (view === 'units' && !figureOf(asked.figure)) {
    refuse(mistakeIn('figure', asked.figure, (frame.figures ?? []).map(figure => figure.kpi)));
    return;
  }
  units?.show(frame, mode);
  if (view === 'province') {
    communes.show(frame, figureOf('fully_online'), { whole, mode });
    showFigures(frame, mode);
    showGauges(byId('gauges'), mode === 'live' || mode === 'old' ? frame.gauges : {});
    setPart(byId('others-link'), 'href', ofUnit(frame.province?.code ?? null));
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

/** The address keeps what was chosen: a wall restarts with its address and nothing else. */
function keepChoice({ figure, sort, down, group, find }) {
  const order = sort === 'value' && !down ? null : (down ? '-' : '') + sort;
  history.replaceState(null, '', link({ figure: figure === 'fully_online' ? null : figure, sort: order, group, find }));
}

function refuse(mistake) {
  show('wrong');
  setText(byId('wrong-text'), mistake);
}

const PARTS = { communes: 'province', others: 'province', unit: 'unit', units: 'units', wrong: 'wrong' };

function show(name) {
  setPart(document.body, 'data-view', name);
  for (const [id, ofView] of Object.entries(PARTS)) byId(id).hidden = ofView !== name;
}

for (const button of document.querySelectorAll('[data-sort]')) {
  button.addEventListener('click', () => {
    const { sort } = button.dataset;
    history.replaceState(null, '', link({ sort: sort === 'name' ? 'name' : null }));
    showSort(sort);
    if (feed.frame) communes.sortBy(sort, feed.frame);
  });
}

if (asked.mistake) {
  refuse(asked.mistake);
} else {
  show(view);
  showSort(asked.sort);
  byId('back').href = link({ unit: null });
  byId('units-link').href = link({ screen: 'units', sort: null });
  byId('units-back').href = link({ screen: null, sort: null, figure: null, group: null, find: null });
  addEventListener('resize', fitRail);
  setInterval(tick, 1000);
  feed.open();
}
