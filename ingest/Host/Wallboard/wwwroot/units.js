// All units in a table beside a funnel plot (?screen=units): to look one up, to order them, and to see which differ from the target by more than chance.

import { byId, dropOthers, isNews, make, setPart, setText } from './dom.js';
import { groupOf } from './communes.js';
import { drawFunnel } from './funnel.js';
import { readingOf, unobservedText } from './reading.js';
import { capital, count, folded, percent, t } from './language.js';
import { shortName, unitName } from './names.js';

const RESORT_MS = 30_000; // rows that change places at every event cannot be read
const collator = new Intl.Collator('vi');
export const GROUPS = { places: t('Xã, phường'), offices: t('Sở, ban, ngành'), unlisted: t('Ngoài danh mục') };

/** What a column shows of a unit, and what it is ordered by, the least first; "most" columns begin with the greatest. */
const COLUMNS = [
  { key: 'name', name: t('Đơn vị'), order: (a, b) => collator.compare(a.unit.name, b.unit.name), text: row => capital(unitName(row.unit)) },
  { key: 'value', name: t('Tỷ lệ'), order: by(row => row.cell?.v ?? 2), text: row => row.reading.value },
  { key: 'cases', name: t('Đạt / tổng số'), most: true, order: by(row => row.cell?.d ?? 0), text: casesText },
  { key: 'most', name: t('Cao nhất có thể'), order: by(row => row.cell?.most ?? row.cell?.v ?? 2), text: mostText },
  { key: 'unknown', name: t('Chưa ghi nhận'), most: true, order: by(row => row.cell?.u ?? 0), text: row => countText(row.cell?.u) },
  { key: 'overdue', name: t('Quá hạn'), most: true, order: by(row => row.unit.overdue ?? 0), text: row => countText(row.unit.overdue) },
  { key: 'state', name: t('Đánh giá'), order: by(row => RANK[row.reading.s]), text: row => row.reading.word },
];
const RANK = { breach: 0, not_observed: 1, no_data: 2, too_few: 3, ok: 4, none: 5, plain: 6 };

function casesText({ cell, reading }) {
  return reading.cases || (cell?.d > 0 ? reading.value : '');
}

function mostText({ cell, reading }) {
  return reading.bounds ? percent(cell.most) : '';
}

function countText(number) {
  return number > 0 ? count(number) : '';
}

function by(numberOf) {
  return (a, b) => numberOf(a) - numberOf(b);
}

export const SORTS = COLUMNS.map(column => column.key);

/** The screen's own choices; the page keeps them in its address. */
export class UnitsScreen {
  #rows = new Map();
  #linkTo;
  #choose;
  #choice;
  #sortedAt = -Infinity;
  #last = null;

  /** @param choice { figure, sort, down, group, find } @param choose called with what a reader changed @param linkTo the address of a unit's own page */
  constructor(choice, choose, linkTo) {
    this.#choice = choice;
    this.#choose = choose;
    this.#linkTo = linkTo;
    this.#listen();
  }

  /** Takes what the address says. */
  choose({ figure, sort, down, group, find }) {
    this.#choice = { figure, sort: SORTS.includes(sort) ? sort : 'value', down, group, find };
    if (byId('units-find').value !== find) byId('units-find').value = find;
    byId('units-group').value = group;
    this.#sortedAt = -Infinity;
    this.#showOrder();
  }

  show(frame, mode) {
    this.#last = { frame, mode };
    const figure = frame.figures?.find(each => each.kpi === this.#choice.figure);
    fillChoices(byId('units-figure'), (frame.figures ?? []).map(each => [each.kpi, shortName(each)]), this.#choice.figure);
    const rows = [...frame.units.values()].map(unit => {
      const cell = unit.cells?.[this.#choice.figure];
      return { unit, cell, reading: readingOf(figure, cell, mode) };
    });
    byId('units').classList.toggle('of-volume', Boolean(figure?.isVolume));
    for (const row of rows) this.#showRow(row, figure, mode);
    const grown = this.#drop(new Set(rows.map(row => row.unit.code)));
    if (grown || performance.now() - this.#sortedAt > RESORT_MS) this.#arrange(rows);
    const shown = rows.filter(row => this.#matches(row.unit));
    setText(byId('units-count'), t('{0} trong {1} đơn vị', count(shown.length), count(rows.length)));
    byId('units-none').hidden = shown.length > 0;
    drawFunnel(byId('funnel'), shown, figure, frame.headline?.[this.#choice.figure], mode);
  }

  #listen() {
    const head = byId('units-head');
    head.replaceChildren(...COLUMNS.map(column => {
      const cell = make('th');
      cell.scope = 'col';
      cell.dataset.key = column.key;
      const button = make('button', '', column.name);
      button.type = 'button';
      button.addEventListener('click', () => {
        const { sort, down } = this.#choice;
        this.#change({ sort: column.key, down: sort === column.key ? !down : Boolean(column.most) });
      });
      cell.append(button);
      return cell;
    }));
    fillChoices(byId('units-group'), [['', t('Tất cả đơn vị')], ...Object.entries(GROUPS)], this.#choice.group);
    byId('units-find').value = this.#choice.find;
    byId('units-find').addEventListener('input', event => this.#change({ find: event.target.value }));
    byId('units-group').addEventListener('change', event => this.#change({ group: event.target.value }));
    byId('units-figure').addEventListener('change', event => this.#change({ figure: event.target.value }));
    this.#showOrder();
  }

  #change(changes) {
    Object.assign(this.#choice, changes);
    this.#choose(this.#choice);
    this.#sortedAt = -Infinity;
    this.#showOrder();
    if (this.#last) this.show(this.#last.frame, this.#last.mode);
  }

  #showOrder() {
    const order = this.#choice.down ? 'descending' : 'ascending';
    for (const cell of byId('units-head').children) setPart(cell, 'aria-sort', cell.dataset.key === this.#choice.sort ? order : 'none');
  }

  #showRow(row, figure, mode) {
    const line = this.#rows.get(row.unit.code) ?? this.#add(row.unit.code);
    setPart(line.row, 'data-s', row.reading.s);
    setPart(line.cells[0], 'href', this.#linkTo(row.unit.code));
    COLUMNS.forEach((column, index) => setText(line.cells[index], column.text(row)));
    setPart(line.row, 'title', mode === 'live' ? unobservedText(figure, row.cell) : '');
    line.row.hidden = !this.#matches(row.unit);
  }

  #add(code) {
    const row = make('tr');
    const cells = COLUMNS.map((column, index) => {
      const cell = make(index === 0 ? 'th' : 'td', column.key);
      if (index === 0) cell.scope = 'row';
      row.append(cell);
      if (column.key === 'name') {
        const link = make('a');
        cell.append(link);
        return link;
      }
      if (column.key !== 'state') return cell;
      const mark = make('span', 'mark');
      mark.setAttribute('aria-hidden', 'true');
      const word = make('span');
      const state = make('p');
      state.append(mark, ' ', word);
      cell.append(state);
      return word;
    });
    const line = { row, cells };
    this.#rows.set(code, line);
    return line;
  }

  /** Takes away rows of units no longer there; true when the table lacks one or has one too many. */
  #drop(kept) {
    dropOthers(this.#rows, kept, line => line.row);
    return byId('units-rows').childElementCount !== this.#rows.size;
  }

  #arrange(rows) {
    if (document.activeElement?.closest('#units-rows')) return; // moving the focused row would lose the reader's place
    this.#sortedAt = performance.now();
    const { order } = COLUMNS.find(column => column.key === this.#choice.sort);
    const side = this.#choice.down ? -1 : 1;
    const sorted = rows.toSorted((a, b) => side * order(a, b) || COLUMNS[0].order(a, b) || (a.unit.code < b.unit.code ? -1 : 1));
    byId('units-rows').replaceChildren(...sorted.map(row => this.#rows.get(row.unit.code).row));
  }

  #matches(unit) {
    const wanted = folded(this.#choice.find);
    return (!this.#choice.group || groupOf(unit) === this.#choice.group) && (wanted === '' || folded(`${unitName(unit)} ${unit.code}`).includes(wanted));
  }
}

function fillChoices(select, choices, chosen) {
  if (isNews(select, choices)) {
    select.replaceChildren(...choices.map(([value, name]) => {
      const option = make('option', '', name);
      option.value = value;
      return option;
    }));
  }
  if (select.value !== chosen) select.value = chosen;
}
