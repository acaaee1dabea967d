// The only ways this page touches the document. Text goes in as text, never as markup: names come from files others write.

import { count } from './language.js';

export const byId = id => document.getElementById(id);

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Writes only what differs (unchanged text leaves focus and screen readers quiet); true when another text was there before. */
export function setText(element, text) {
  const before = element.textContent;
  if (before === text) return false;
  element.textContent = text;
  return before !== '';
}

export function setPart(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Takes the elements of what is no longer shown off the page and out of the map. */
export function dropOthers(shown, kept, elementOf) {
  for (const [code, each] of shown) {
    if (kept.has(code)) continue;
    elementOf(each).remove();
    shown.delete(code);
  }
}

/** Gives a drawing the proportions of its box, neither side shorter than it is drawn for: its width and height in its own units. */
export function proportion(drawing, width, height) {
  const { clientWidth, clientHeight } = drawing;
  const scale = Math.min(clientWidth / width, clientHeight / height);
  const size = scale > 0 ? [clientWidth / scale, clientHeight / scale].map(Math.round) : [width, height];
  setPart(drawing, 'viewBox', `0 0 ${size.join(' ')}`);
  return size;
}

const filled = new WeakMap(); // element -> the values it was last filled from, as JSON

/** Whether an element is to be filled anew: false when it was last filled from equal values, and laying it out again would be for nothing. */
export function isNews(element, ...values) {
  const text = JSON.stringify(values);
  if (filled.get(element) === text) return false;
  filled.set(element, text);
  return true;
}

/** Makes these the children of a list; where an equal one is already in its place, that one stays and is not laid out again. */
export function fill(list, items) {
  items.forEach((item, index) => {
    const old = list.children[index];
    if (!old) list.append(item);
    else if (!old.isEqualNode(item)) old.replaceWith(item);
  });
  while (list.childElementCount > items.length) list.lastElementChild.remove();
}

/** A label and a number side by side, as list items. */
export function pairs(entries) {
  return entries.map(([label, value, tone]) => {
    const item = make('li');
    if (tone) item.dataset.tone = tone;
    item.append(make('b', '', value), ' ', label);
    return item;
  });
}

/** Starts the short highlight of a changed figure again, even while the last one is still running: the other of two equal animations needs no layout between. */
export function flash(element) {
  element.dataset.changed = element.dataset.changed === 'a' ? 'b' : 'a';
}

/**
 * On the wall nothing scrolls: rows that do not fit are left out whole and counted ("và 5 đơn vị khác").
 * Where the page scrolls everything stays. @param beyond how many there are besides, which the stream does not list
 */
export function fitRows(section, list, more, words, beyond = 0) {
  const rows = [...list.children];
  for (const row of rows) row.hidden = false;
  const say = hidden => {
    more.hidden = hidden + beyond === 0;
    more.textContent = words.replace('{0}', count(hidden + beyond));
  };
  say(0);
  if (getComputedStyle(section).overflowY !== 'hidden') return;
  const bottom = element => element.getBoundingClientRect().bottom;
  const floor = () => bottom(section) - parseFloat(getComputedStyle(section).paddingBottom) + 1;
  if (bottom(more.hidden ? list : more) <= floor()) return;
  say(rows.length);
  const room = floor() - (bottom(more) - bottom(list));
  const left = rows.filter(row => bottom(row) > room);
  for (const row of left) row.hidden = true;
  say(left.length);
}

/** What scrolls within the wall ends with a whole row. */
export function cutRows() {
  for (const box of document.querySelectorAll('.units-table, .scrolled, .behind')) {
    const end = box.getBoundingClientRect().bottom;
    const tops = [...box.querySelectorAll('tr, .cause li')].map(row => row.getBoundingClientRect()).filter(row => row.top < end && row.bottom > end + 1).map(row => row.top);
    box.style.clipPath = tops.length > 0 ? `inset(-9px -9px ${end - Math.min(...tops)}px)` : '';
  }
}

/** Seen from far away only the first tiles have room; the rest is left out and counted. */
export function fitTiles(list, more, words) {
  const tiles = [...list.children];
  for (const tile of tiles) tile.hidden = false;
  more.hidden = true;
  if (document.documentElement.dataset.distance !== '8' || list.scrollHeight <= list.clientHeight + 1) return;
  more.hidden = false;
  const bottom = list.getBoundingClientRect().bottom;
  const left = tiles.filter(tile => tile.getBoundingClientRect().bottom > bottom + 1);
  for (const tile of left) tile.hidden = true;
  more.textContent = words.replace('{0}', count(left.length));
}

/**
 * Rows of a table, replaced only when what they say has changed.
 * @param rows each { cells, s, href }: cells as texts, or [text, className]; the first is the row's head, and a link where there is an address
 */
export function fillRows(body, rows) {
  if (!isNews(body, rows)) return;
  body.replaceChildren(...rows.map(({ cells, s, href }) => {
    const row = make('tr');
    if (s) row.dataset.s = s;
    cells.forEach((cell, index) => {
      const [text, className] = Array.isArray(cell) ? cell : [cell];
      const element = make(index === 0 ? 'th' : 'td', className, index === 0 && href ? undefined : text);
      if (index === 0) {
        element.scope = 'row';
        if (href) element.append(linkTo(href, text));
      }
      row.append(element);
    });
    return row;
  }));
}

export function linkTo(href, text) {
  const link = make('a', '', text);
  link.href = href;
  return link;
}

/** The head of a table, written once. */
export function fillHead(row, names) {
  if (row.childElementCount > 0) return;
  row.append(...names.map(name => {
    const cell = make('th', '', name);
    cell.scope = 'col';
    return cell;
  }));
}

const SVG = 'http://www.w3.org/2000/svg';

/** A shape of a drawing. */
export function shape(name, parts, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(parts)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}
