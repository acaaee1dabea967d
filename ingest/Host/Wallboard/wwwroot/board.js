// The wallboard: takes frames and deltas from the stream and lays them on the screen that the address asks for; every second says how old they are.

import { ONLY_HERE, addressWith, mistakeIn, readAddress } from './address.js';
import { showAlarms } from './alarms.js';
import { Answers } from './answers.js';
import { Communes } from './communes.js';
import { byId, cutRows, setPart, setText } from './dom.js';
import { Feed } from './feed.js';
import { showGlance } from './glance.js';
import { showHero, tabTitle } from './hero.js';
import { capital, lang, t, translate } from './language.js';
import { fitRail, keepRailFitting, showAlerts, showGauges, showLowVolume, showPace } from './lists.js';
import { shortName, spanName, unitName } from './names.js';
import { listenForKeys, showCrumbs, showOptions, showScreens } from './navigation.js';
import { modeOf } from './reading.js';
import { PaintReport } from './report.js';
import { showAge, showBanner, showLink, showTrust } from './trust.js';
import { Rotation } from './turn.js';
import { showBehind, showUnit } from './unit.js';
import { UnitsScreen } from './units.js';
import { showWhy } from './why.js';

const UNTRUSTED = new Set(['lost', 'stale', 'loading', 'empty', 'connecting', 'denied']);
const PARTS = { communes: 'province', glance: 'province', unit: 'figures', units: 'units', 'pace-part': 'low', alarms: 'alerts', why: 'why', wrong: 'wrong' };
const VERSION = document.querySelector('meta[name=version]').content;
const RENEW_WITHIN_MS = 10_000;
const SHIFT_EVERY_S = 60; // a picture that stands still burns into the screen
const SHIFTS = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1]];

let asked = readAddress(location.search);
let feed = null;
let source = '';
let shown = '';
let rendered = ''; // the screen and unit on the page: another one is laid out whole
let ticks = 0;

const link = changes => addressWith(location.search, changes);
const linkToUnit = code => link({ ...ONLY_HERE, unit: code, screen: null, rotate: null });
const linkToWhy = (figure, code) => link({ ...ONLY_HERE, unit: code, screen: 'why', figure: figure === 'fully_online' ? null : figure, rotate: null });
const linkToScreen = screen => link({ ...ONLY_HERE, screen: screen === 'province' ? null : screen, rotate: null });

const answers = new Answers(() => feed?.frame && render(false));
const communes = new Communes(asked.sort ?? 'attention', linkToUnit);
const units = new UnitsScreen(asked, keepChoice, linkToUnit);
const rotation = new Rotation(screen => show(link({ ...ONLY_HERE, screen: screen === 'province' ? null : screen }), true));
const report = new PaintReport(VERSION, asked.wall);

/** Goes to another address of this page without loading it again. */
function show(address, isInTurn = false) {
  history[isInTurn ? 'replaceState' : 'pushState'](null, '', address);
  apply();
}

function apply() {
  asked = readAddress(location.search);
  document.documentElement.dataset.distance = asked.distance ?? '5';
  asked.theme ? setPart(document.documentElement, 'data-theme', asked.theme) : document.documentElement.removeAttribute('data-theme');
  if (asked.mistake) {
    refuse(asked.mistake);
    return;
  }
  if (asked.lang !== lang) {
    location.reload();
    return;
  }
  showSort(asked.sort);
  communes.order(asked.sort);
  units.choose(asked);
  openFeed();
  setView(viewOf(feed.frame));
  rotation.set(asked);
  if (feed.frame) render(true);
}

function openFeed() {
  const query = new URLSearchParams(Object.entries({ unit: asked.unit, period: asked.period }).filter(([, value]) => value !== null));
  const url = `/api/v1/stream${query.size > 0 ? `?${query}` : ''}`;
  if (url === source) return;
  feed?.close();
  source = url;
  feed = new Feed(url, (message, known) => render(message.kind === 'frame' || !known), said => refuse(t('Máy chủ không hiểu địa chỉ này: {0}', said)));
  feed.open();
}

/** Which screen the address means: a unit with rows of its own opens as a board, any other with all its figures. */
function viewOf(frame) {
  if (asked.screen) return asked.screen;
  return !asked.unit || asked.unit === frame?.province?.code ? 'province' : 'figures';
}

function render(whole) {
  const frame = feed.frame;
  if (frame.pageVersion && frame.pageVersion !== VERSION) renewOnce(frame.pageVersion);
  const mode = modeOf(feed.state());
  const figures = [...frame.figures ?? [], ...(frame.procedureFigures ?? []).map(one => one.figure)];
  const figureOf = kpi => figures.find(figure => figure.kpi === kpi);
  const own = frame.province?.code ?? null;
  const view = viewOf(frame);
  const only = asked.unit && asked.unit !== own && ['figures', 'alerts', 'why'].includes(view) ? asked.unit : null;
  const unit = only ? frame.units.get(only) : { ...frame.province, cells: frame.headline };
  const place = capital(unit ? unitName(unit) : t('mã {0}', only));
  if ((['units', 'why'].includes(view) || asked.figure !== 'fully_online') && !figureOf(asked.figure)) {
    refuse(mistakeIn('figure', asked.figure, figures.map(figure => figure.kpi)));
    return;
  }
  setView(view);
  showHead(frame, { view, place, own, only });
  showHero(place, unit?.cells, figureOf, mode);
  byId('hero-why').href = linkToWhy('fully_online', only);
  document.title = tabTitle(place, unit?.cells?.fully_online, figureOf('fully_online'), mode);
  const isNew = rendered !== (rendered = `${view} ${asked.unit}`);
  const context = { answers, figureOf, linkToUnit, linkToWhy, linkToPeriod: period => link({ period: period === frame.period && !asked.period ? null : period }), now: feed.now() };
  showScreen(view, frame, { mode, whole: whole || isNew, unit, only, place, own, context });
  const lists = [showLowVolume(frame.lowVolume, only, mode), showAlerts(frame, only, mode)];
  if (lists.includes(true)) fitRail();
  showTrust(frame.trust, kpi => { const figure = figureOf(kpi); return figure ? shortName(figure) : kpi; }, feed.now());
  report.painting(frame);
  tick();
}

function showScreen(view, frame, { mode, whole, unit, only, place, own, context }) {
  const figure = context.figureOf('fully_online');
  if (view === 'province') {
    communes.show(frame, figure, { whole, mode });
    showGauges(byId('gauges'), mode === 'live' || mode === 'old' ? frame.gauges : {});
    showGlance(frame, mode, context);
  } else if (view === 'units') {
    units.show(frame, mode);
  } else if (view === 'low') {
    showPace(frame, mode, context);
  } else if (view === 'alerts') {
    showAlarms(frame, mode, only, context);
  } else if (view === 'figures') {
    const code = only ?? own;
    if (showUnit(frame, code, mode, context)) showBehind(frame, code, mode, context);
    else byId('behind').hidden = true;
  } else if (view === 'why') {
    const cells = only ? unit?.cells : { ...frame.headline, ...Object.fromEntries((frame.procedureFigures ?? []).map(one => [one.figure.kpi, one.cell])) };
    showWhy(frame, { kpi: asked.figure, unit: only ?? own, place, cell: cells?.[asked.figure] }, mode, context);
  }
}

function showHead(frame, { view, place, own, only }) {
  const province = capital(unitName(frame.province ?? { name: '' }));
  const isNation = frame.province?.kind === 'quốc gia';
  setText(byId('office'), isNation ? t('Cả nước') : t('Trung tâm Phục vụ hành chính công {0}', unitName(frame.province ?? { name: '' })).trim());
  setText(byId('period'), frame.periodLabel ? ` · ${lang === 'en' ? spanName(frame.period) : frame.periodLabel}` : '');
  byId('demo').hidden = !frame.demo;
  showScreens(view, only !== null, linkToScreen);
  showCrumbs([
    ...(frame.above ? [{ text: capital(unitName(frame.above)), href: linkToUnit(frame.above.code) }] : []),
    ...(only ? [{ text: province, href: linkToUnit(frame.above ? own : null) }] : []),
  ]);
  for (const id of ['back', 'units-back']) setText(byId(id), t(isNation ? '← Cả nước' : '← Toàn tỉnh'));
  byId('back').href = linkToUnit(frame.above ? own : null);
  byId('units-back').href = link({ ...ONLY_HERE, screen: null });
  byId('back').hidden = view === 'figures' && !only && !asked.screen;
  showOptions(optionsOf(frame));
}

function optionsOf(frame) {
  const choices = (key, values, chosen) => values.map(([value, text]) => ({ text, href: link({ [key]: value }), isChosen: chosen === value }));
  return [
    { name: t('Ngôn ngữ'), choices: choices('lang', [[null, 'Tiếng Việt'], ['en', 'English']], lang === 'en' ? 'en' : null) },
    { name: t('Nền'), choices: choices('theme', [[null, t('như thiết bị')], ['light', t('sáng')], ['dark', t('tối')]], asked.theme) },
    { name: t('Khoảng cách xem'), choices: choices('distance', [['3', '3 m'], [null, '5 m'], ['8', '8 m']], asked.distance === '5' ? null : asked.distance) },
    { name: t('Kỳ'), choices: choices('period', [[null, t('mặc định')], ...(frame.spans ?? []).map(span => [span.period, span.period])], asked.period) },
  ];
}

/** Age and state of the connection; a change of state is said once, aloud and in words. */
function tick() {
  feed.watch();
  const state = feed.state();
  showAge(feed.frame?.dataTime, feed.now());
  showBanner(state, feed.frame); // what the source does may change while the state does not
  showLink(state, feed.frame);
  if (document.body.dataset.view !== 'province') cutRows();
  if (state === shown) return;
  shown = state;
  setPart(document.body, 'data-feed', state);
  document.body.classList.toggle('untrusted', state !== 'connecting' && UNTRUSTED.has(state));
  if (state === 'denied') refuseToShow();
  if (feed.frame) render(false);
}

function everySecond() {
  if (asked.mistake || !feed) return;
  tick();
  if (feed.frame) report.painting(feed.frame); // on a quiet night the clock is all there is to paint
  rotation.tick();
  if (++ticks % SHIFT_EVERY_S === 0) {
    const [x, y] = SHIFTS[ticks / SHIFT_EVERY_S % SHIFTS.length];
    document.documentElement.style.setProperty('--shift', `${x}px ${y}px`);
  }
}

/** A server that was renewed has another page: loaded once for each version, so that a proxy with an old page cannot make it blink for ever. */
function renewOnce(version) {
  try {
    if (sessionStorage.getItem('kpistream version') === version) return;
    sessionStorage.setItem('kpistream version', version);
  } catch {
    return;
  }
  setTimeout(reloadWhenThere, Math.random() * RENEW_WITHIN_MS);
}

/** All screens of a province must not come for the new page at once, nor leave the old one for an error page. */
async function reloadWhenThere() {
  const answer = await fetch('/board', { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  answer?.ok ? location.reload() : setTimeout(reloadWhenThere, RENEW_WITHIN_MS);
}

function showSort(sort) {
  for (const button of document.querySelectorAll('[data-sort]')) setPart(button, 'aria-pressed', String(button.dataset.sort === sort));
}

/** The address keeps what was chosen: a wall restarts with its address and nothing else. */
function keepChoice({ figure, sort, down, group, find }) {
  const order = sort === 'value' && !down ? null : (down ? '-' : '') + sort;
  history.replaceState(null, '', link({ figure: figure === 'fully_online' ? null : figure, sort: order, group, find }));
}

function refuse(mistake, heading = t('Không hiểu địa chỉ này')) {
  setView('wrong');
  setText(byId('wrong-heading'), heading);
  setText(byId('wrong-text'), mistake);
}

/** The token or the session has ended: nothing of the figures stays on the screen, nor in the tab's title. */
function refuseToShow() {
  document.title = t('Hết quyền xem');
  refuse(t('Mã xem bảng hoặc phiên đăng nhập đã hết hạn hay bị thu hồi. Mở lại bảng bằng địa chỉ mới được cấp, hoặc tải lại trang để đăng nhập.'), t('Hết quyền xem'));
}

function setView(name) {
  setPart(document.body, 'data-view', name);
  for (const [id, ofView] of Object.entries(PARTS)) byId(id).hidden = ofView !== name;
}

for (const button of document.querySelectorAll('[data-sort]')) {
  button.addEventListener('click', () => show(link({ sort: button.dataset.sort === 'name' ? 'name' : null }), true));
}

byId('trust-whole').addEventListener('click', () => {
  setPart(byId('trust-whole'), 'aria-expanded', String(byId('trust').classList.toggle('whole')));
});

document.addEventListener('click', event => {
  const target = event.target.closest?.('a[href^="/board"]');
  if (!target || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  byId('help').close();
  show(target.getAttribute('href'));
  if (target.closest('main')) byId('main').focus({ preventScroll: true });
});

const screenKey = (screen, name) => ({ name, run: () => show(linkToScreen(screen)) });
listenForKeys({
  1: screenKey('province', t('Tổng quan')), 2: screenKey('units', t('Đơn vị')), 3: screenKey('low', t('Ít phát sinh')), 4: screenKey('alerts', t('Cảnh báo')),
  5: screenKey('figures', t('Chỉ số')),
  '/': { name: t('Tìm đơn vị'), run: () => { if (viewOf(feed.frame) !== 'units') show(linkToScreen('units')); byId('units-find').focus(); } },
  ' ': { name: t('Dừng hoặc tiếp tục luân phiên'), run: () => rotation.pause() },
  ArrowRight: { name: t('Màn hình sau'), run: () => rotation.move(1) },
  ArrowLeft: { name: t('Màn hình trước'), run: () => rotation.move(-1) },
  t: { name: t('Nền sáng hoặc tối'), run: () => show(link({ theme: asked.theme === 'dark' ? 'light' : 'dark' }), true) },
  l: { name: t('Tiếng Việt hoặc tiếng Anh'), run: () => show(link({ lang: lang === 'en' ? null : 'en' }), true) },
  f: { name: t('Toàn màn hình'), run: () => { document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.().catch(() => {}); } },
  '?': { name: t('Danh sách phím tắt'), run: () => byId('help').showModal() },
});

translate(document.body);
addEventListener('popstate', apply);
addEventListener('scroll', cutRows, true);
keepRailFitting();
setInterval(everySecond, 1000);
apply();
