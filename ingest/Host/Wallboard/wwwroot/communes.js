// All units as tiles: name, ratio, numerator, denominator, state; communes, departments and codes of no directory each apart. One tile per unit, kept and updated in place.

import { byId, dropOthers, fill, fitTiles, flash, make, setPart, setText } from './dom.js';
import { readingOf, unobservedText } from './reading.js';
import { capital, count, lang, t } from './language.js';
import { STATES } from './names.js';

const COLUMNS = 8; // 8 × 13 = 104: Hưng Yên fills the wall exactly; other provinces get more or fewer rows
const FEW_ROWS = 5; // the nation's 34 provinces have room for larger letters, where they are not large already
const RESORT_MS = 30_000; // tiles that change places at every event cannot be read
const LONG_NAME = 12; // letters that fit the width of a tile; "Triệu Việt Vương" has 16 and is set smaller, never cut
const KPI = 'fully_online';
const UNLISTED_TILES = 50; // codes of no directory with a tile of their own: beyond these they hide the rest; each still opens with ?unit=
const UNLISTED_ON_WALL = 4; // 2 × 2 beside the departments; the last one counts those left out

// What a province looks for first: who is below target and surely so, who is below, who is silent, who has little, then the rest from the lowest.
const ATTENTION = { breach: 1, not_observed: 2, no_data: 3, too_few: 4, ok: 5, none: 6 };
const collator = new Intl.Collator('vi');

export class Communes {
  #tiles = new Map();
  #sort;
  #sortedAt = -Infinity;
  #linkTo;

  constructor(sort, linkTo) {
    this.#sort = sort;
    this.#linkTo = linkTo;
    // What stands around the tiles fills after them and takes room: they are fitted again in the frame after.
    new ResizeObserver(() => requestAnimationFrame(fit)).observe(byId('tiles'));
  }

  /** By attention or by name, from the next frame laid out. */
  order(sort) {
    this.#sort = sort;
  }

  show(frame, figure, { whole, mode }) {
    const firing = firingUnits(frame);
    const groups = groupsOf(frame);
    const tiled = [...groups.places, ...groups.offices, ...groups.unlisted.slice(0, UNLISTED_TILES)];
    for (const unit of tiled) this.#showTile(unit, figure, firing.has(unit.code), mode);
    const grown = this.#drop(new Set(tiled.map(unit => unit.code)));
    if (whole || grown || performance.now() - this.#sortedAt > RESORT_MS) this.#arrange(groups, firing);
    showCounts(groups, firing, mode);
  }

  #showTile(unit, figure, firing, mode) {
    const tile = this.#tiles.get(unit.code) ?? this.#add(unit.code);
    const cell = unit.cells?.[KPI];
    const reading = readingOf(figure, cell, mode);
    const value = mode === 'loading' ? t('đang đọc') : reading.value === '–' ? t('chưa có') : reading.short;
    setPart(tile.link, 'href', this.#linkTo(unit.code)); // theme, period and distance go with it
    setPart(tile.link, 'data-s', reading.s);
    const isFiring = firing && reading.s === 'breach';
    tile.link.classList.toggle('firing', isFiring);
    const name = unit.known !== false || unit.name !== unit.code ? t(unit.name) : t('Mã {0}', unit.code);
    setText(tile.name, name);
    tile.name.classList.toggle('long', name.length > LONG_NAME);
    const cases = unit.known === false && mode !== 'loading' && mode !== 'empty' ? t('{0} hồ sơ', count(casesOf(unit))) : reading.cases;
    const changed = setText(tile.value, value) | setText(tile.cases, cases);
    const word = mode === 'old' ? t('số liệu cũ') : reading.word;
    setText(tile.word, [reading.cases && unit.known !== false ? t('hồ sơ') : '', unit.kind ? t(unit.kind) : '', reading.bounds, word, isFiring ? t('đang cảnh báo') : '']
      .filter(Boolean).map(said => `, ${said}`).join(''));
    setPart(tile.link, 'title', mode === 'live' ? unobservedText(figure, cell) : '');
    if (changed) flash(tile.link);
  }

  #add(code) {
    const item = make('li');
    const link = make('a', 'tile');
    const tile = { item, link, name: make('span', 'tile-name'), mark: make('span', 'mark'), value: make('span', 'tile-value'), cases: make('span', 'tile-cases'), word: make('span', 'unseen') };
    link.append(tile.name, tile.mark, tile.value, tile.cases, tile.word);
    item.append(link);
    this.#tiles.set(code, tile);
    return tile;
  }

  /** Takes away tiles of units no longer shown; true when the set of tiles differs from what is on screen. */
  #drop(kept) {
    dropOthers(this.#tiles, kept, tile => tile.item);
    return document.querySelectorAll('.tile').length !== this.#tiles.size;
  }

  #arrange({ places, offices, unlisted, folded }, firing) {
    if (document.activeElement?.closest('.tiles')) return; // moving the focused tile would lose the reader's place
    this.#sortedAt = performance.now();
    const order = this.#sort === 'name' ? byName : byAttention(firing);
    const rows = Math.max(1, Math.ceil(places.length / COLUMNS));
    byId('tiles').classList.toggle('few', rows <= FEW_ROWS && document.documentElement.dataset.distance !== '8');
    byId('tiles').style.setProperty('--rows', String(rows));
    byId('tiles').style.setProperty('--columns', String(Math.max(1, Math.ceil(places.length / rows))));
    byId('tiles').replaceChildren(...this.#itemsOf(places.sort(order)));
    fit();
    byId('offices').replaceChildren(...this.#itemsOf(offices.sort(order)));
    byId('unlisted').replaceChildren(...this.#unlistedItems(unlisted, folded));
  }

  #itemsOf(units) {
    return units.filter(unit => this.#tiles.has(unit.code)).map(unit => this.#tiles.get(unit.code).item);
  }

  /** The codes with most cases first; what has no room is counted: on the wall beyond four, elsewhere beyond fifty. */
  #unlistedItems(unlisted, folded) {
    const items = this.#itemsOf(unlisted.slice(0, UNLISTED_TILES));
    const room = unlisted.length > UNLISTED_ON_WALL ? UNLISTED_ON_WALL - 1 : UNLISTED_ON_WALL;
    items.forEach((item, index) => item.classList.toggle('beyond', index >= room));
    return [...items, ...moreCodes(unlisted.slice(room), folded, 'on-wall'), ...moreCodes(unlisted.slice(UNLISTED_TILES), folded, 'on-page')];
  }
}

const fit = () => fitTiles(byId('tiles'), byId('tiles-more'), t('và {0} đơn vị khác'));

function moreCodes(units, folded, where) {
  return units.length === 0 ? [] : [make('li', `more-codes ${where}`, t('và {0} mã khác, {1} hồ sơ', count(units.length + folded), count(sum(units.map(casesOf)))))];
}

const OFFICES = new Set(['sở', 'ban', 'văn phòng', 'thanh tra']);

/** Which group a unit of the board belongs to. */
export const groupOf = unit => (unit.known === false ? 'unlisted' : OFFICES.has(unit.kind) ? 'offices' : 'places');

/** Communes (or whatever the board's rows are), departments, and codes of no directory with most cases first; one row may stand for many folded codes. */
function groupsOf(frame) {
  const groups = { places: [], offices: [], unlisted: [], folded: Math.max(0, (frame.foldedCodes ?? 0) - 1) };
  for (const unit of frame.units.values()) groups[groupOf(unit)].push(unit);
  groups.unlisted.sort((a, b) => casesOf(b) - casesOf(a));
  return groups;
}

const sum = numbers => numbers.reduce((all, each) => all + each, 0);

/** How many cases a code has in the period at least: its greatest count. */
const casesOf = unit => Math.max(0, ...['arisen', 'received', 'handled', 'filed_online_own', 'fully_online'].map(kpi => unit.cells?.[kpi]?.d ?? 0));

/** "104 xã, phường", "34 tỉnh, thành phố": the kinds there are, in the order of their numbers. */
function placesText(places) {
  const kinds = new Map();
  for (const { kind } of places) if (kind) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const words = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind]) => kind);
  return `${count(places.length)} ${words.map(word => (lang === 'en' ? `${t(word).replace(/y$/, 'ie')}s` : word)).join(', ') || t('đơn vị')}`;
}

function firingUnits(frame) {
  return new Set((frame.alerts ?? []).filter(alert => alert.state === 'firing' && alert.kind === 'ratio' && alert.figure === KPI).map(alert => alert.unit));
}

const byName = (a, b) => collator.compare(a.name, b.name) || (a.code < b.code ? -1 : 1);

function byAttention(firing) {
  const rank = unit => {
    const state = unit.cells?.[KPI]?.s ?? 'no_data';
    return state === 'breach' && firing.has(unit.code) ? 0 : ATTENTION[state] ?? 3;
  };
  const value = unit => unit.cells?.[KPI]?.v ?? -1;
  return (a, b) => rank(a) - rank(b) || value(a) - value(b) || byName(a, b);
}

/** How many units of each group there are, and how many in each state: also the legend of the marks and colours. */
function showCounts({ places, offices, unlisted, folded }, firing, mode) {
  setText(byId('communes-name'), capital(placesText(places)));
  setText(byId('offices-name'), t('{0} sở, ban, ngành', count(offices.length)));
  const cases = mode === 'loading' || mode === 'empty' ? '' : `: ${t('{0} hồ sơ', count(sum(unlisted.map(casesOf))))}`;
  setText(byId('unlisted-name'), `${t('{0} mã ngoài danh mục', count(unlisted.length + folded))}${cases}`);
  byId('offices-group').hidden = offices.length === 0;
  byId('unlisted-group').hidden = unlisted.length === 0;
  byId('offices-part').hidden = offices.length + unlisted.length === 0;
  byId('offices-part').classList.toggle('both', offices.length > 0 && unlisted.length > 0);
  showLegend(byId('legend'), places, firing);
  showLegend(byId('offices-legend'), offices, firing);
}

function showLegend(list, units, firing) {
  const counts = { ok: 0, breach: 0, too_few: 0, no_data: 0, not_observed: 0, none: 0 };
  for (const unit of units) counts[unit.cells?.[KPI]?.s ?? 'no_data']++;
  const alarmed = units.filter(unit => firing.has(unit.code)).length;
  fill(list, ['breach', 'not_observed', 'no_data', 'too_few', 'none', 'ok'].filter(state => counts[state] > 0).map(state => {
    const item = make('li');
    item.dataset.s = state;
    const mark = make('span', 'mark');
    mark.setAttribute('aria-hidden', 'true');
    item.append(mark, make('b', '', count(counts[state])), ' ', STATES[state]);
    if (state === 'breach' && alarmed > 0) item.append(` (${t('{0} đang cảnh báo', count(alarmed))})`);
    return item;
  }));
}
