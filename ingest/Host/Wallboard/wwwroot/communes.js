// All communes of the province as tiles: name, ratio, numerator, denominator, state. One tile per unit, kept and updated in place.

import { byId, flash, make, setPart, setText } from './dom.js';
import { STATES, count, fraction, ratio, unitName } from './vietnamese.js';

const COLUMNS = 8; // 8 × 13 = 104: Hưng Yên fills the wall exactly; other provinces get more or fewer rows
const RESORT_MS = 30_000; // tiles that change places at every event cannot be read
const LONG_NAME = 12; // letters that fit the width of a tile; "Triệu Việt Vương" has 16 and is set smaller, never cut
const KPI = 'fully_online';
const UNLISTED_TILES = 50; // codes of no directory with a tile of their own: beyond these they hide the communes; each still opens with ?unit=

// What a province looks for first: who is below target and surely so, who is below, who is silent, who has little, then the rest from the lowest.
const TROUBLE = { breach: 1, not_observed: 2, no_data: 3, too_few: 4, ok: 5, none: 6 };
const collator = new Intl.Collator('vi');

export class Communes {
  #tiles = new Map();
  #sort;
  #sortedAt = -Infinity;
  #linkTo;

  constructor(sort, linkTo) {
    this.#sort = sort;
    this.#linkTo = linkTo;
  }

  sortBy(sort, frame) {
    this.#sort = sort;
    this.#arrange(frame, firingUnits(frame));
  }

  show(frame, figure, { whole, doubt }) {
    const firing = firingUnits(frame);
    const tiles = tiled(frame);
    for (const unit of tiles) this.#showTile(unit, figure, firing.has(unit.code), doubt);
    const grown = this.#drop(new Set(tiles.map(unit => unit.code)));
    if (whole || grown || performance.now() - this.#sortedAt > RESORT_MS) this.#arrange(frame, firing);
    showCounts(frame, firing);
  }

  #showTile(unit, figure, firing, doubt) {
    const tile = this.#tiles.get(unit.code) ?? this.#add(unit.code);
    const cell = unit.cells?.[KPI];
    const state = cell?.s ?? 'no_data';
    const value = !cell && doubt ? 'đang đọc' : state === 'no_data' ? 'chưa có' : ratio(cell, figure?.target);
    setPart(tile.link, 'data-s', state);
    tile.link.classList.toggle('firing', firing && state === 'breach');
    const name = unit.known === false ? `Mã ${unit.code}` : unit.name;
    setText(tile.name, name);
    tile.name.classList.toggle('long', name.length > LONG_NAME);
    const changed = setText(tile.value, value) | setText(tile.cases, fraction(cell));
    const word = doubt || STATES[state];
    setPart(tile.link, 'aria-label', `${unitName(unit)}: ${value}, ${count(cell?.n)} trên ${count(cell?.d)} hồ sơ, ${word}${firing ? ', đang cảnh báo' : ''}`);
    if (changed) flash(tile.link);
  }

  #add(code) {
    const item = make('li');
    const link = make('a', 'tile');
    link.href = this.#linkTo(code);
    const tile = { item, link, name: make('span', 'tile-name'), mark: make('span', 'mark'), value: make('span', 'tile-value'), cases: make('span', 'tile-cases') };
    link.append(tile.name, tile.mark, tile.value, tile.cases);
    item.append(link);
    this.#tiles.set(code, tile);
    return tile;
  }

  /** Takes away tiles of units no longer shown; true when the set of tiles differs from what is on screen. */
  #drop(kept) {
    for (const [code, tile] of this.#tiles) {
      if (kept.has(code)) continue;
      tile.item.remove();
      this.#tiles.delete(code);
    }
    return byId('tiles').childElementCount !== this.#tiles.size;
  }

  #arrange(frame, firing) {
    const tiles = byId('tiles');
    if (tiles.contains(document.activeElement)) return; // moving the focused tile would lose the reader's place
    this.#sortedAt = performance.now();
    const order = tiled(frame).filter(unit => this.#tiles.has(unit.code)).sort(this.#sort === 'name' ? byName : byTrouble(firing));
    tiles.style.setProperty('--rows', String(Math.max(1, Math.ceil(order.length / COLUMNS))));
    tiles.replaceChildren(...order.map(unit => this.#tiles.get(unit.code).item));
  }
}

function tiled(frame) {
  let left = UNLISTED_TILES;
  return [...frame.units.values()].filter(unit => unit.known !== false || left-- > 0);
}

export function firingUnits(frame) {
  return new Set((frame.alerts ?? []).filter(alert => alert.state === 'firing' && alert.rule.startsWith(`below_target:${KPI}:`)).map(alert => alert.unit));
}

const byName = (a, b) => collator.compare(a.name, b.name) || (a.code < b.code ? -1 : 1);

function byTrouble(firing) {
  const rank = unit => {
    const state = unit.cells?.[KPI]?.s ?? 'no_data';
    return state === 'breach' && firing.has(unit.code) ? 0 : TROUBLE[state] ?? 3;
  };
  const value = unit => unit.cells?.[KPI]?.v ?? -1;
  return (a, b) => rank(a) - rank(b) || value(a) - value(b) || byName(a, b);
}

/** How many units are in each state: also the legend of the marks and colours. */
function showCounts(frame, firing) {
  const counts = { ok: 0, breach: 0, too_few: 0, no_data: 0, not_observed: 0, none: 0 };
  for (const unit of frame.units.values()) counts[unit.cells?.[KPI]?.s ?? 'no_data']++;
  const known = [...frame.units.values()].filter(unit => unit.known !== false).length;
  const others = frame.units.size - known + Math.max(0, (frame.foldedCodes ?? 0) - 1); // one row stands for all folded codes
  setText(byId('communes-name'), `${count(known)} xã, phường${others > 0 ? ` và ${count(others)} mã ngoài danh mục` : ''}`);
  byId('legend').replaceChildren(...['breach', 'not_observed', 'no_data', 'too_few', 'ok'].filter(state => state !== 'not_observed' || counts[state] > 0).map(state => {
    const item = make('li');
    item.dataset.s = state;
    const mark = make('span', 'mark');
    mark.setAttribute('aria-hidden', 'true');
    item.append(mark, make('b', '', count(counts[state])), ' ', STATES[state]);
    if (state === 'breach' && firing.size > 0) item.append(` (${count(firing.size)} đang cảnh báo)`);
    return item;
  }));
}
