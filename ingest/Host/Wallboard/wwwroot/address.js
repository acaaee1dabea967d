// What the page's address asks for. What is not understood is refused by name and never ignored: a wall would show something else for months.

import { GROUPS, SORTS } from './units.js';

const SCREENS = ['province', 'units'];
const PROVINCE_SORTS = ['attention', 'name'];
const KEYS = ['screen', 'unit', 'sort', 'figure', 'group', 'find', 'token'];

/** @returns { screen, unit, sort, down, figure, group, find, token } with what is left out filled in, or { mistake } in words. */
export function readAddress(search) {
  const query = new URLSearchParams(search);
  const unknown = [...query.keys()].find(key => !KEYS.includes(key));
  if (unknown !== undefined) return { mistake: `Không có tham số "${unknown}". Các tham số: ${KEYS.join(', ')}.` };
  const screen = query.get('screen') ?? 'province';
  const sorts = screen === 'units' ? SORTS : PROVINCE_SORTS;
  const sort = query.get('sort') ?? (screen === 'units' ? 'value' : 'attention');
  const key = screen === 'units' ? sort.replace(/^-/, '') : sort;
  const checks = [['screen', screen, SCREENS], ['sort', key, sorts], ['group', query.get('group') ?? '', ['', ...Object.keys(GROUPS)]]];
  for (const [name, value, allowed] of checks) {
    if (!allowed.includes(value)) return { mistake: mistakeIn(name, query.get(name), allowed) };
  }
  return {
    screen, unit: query.get('unit'), sort: key, down: sort.startsWith('-'), figure: query.get('figure') ?? 'fully_online',
    group: query.get('group') ?? '', find: query.get('find') ?? '', token: query.get('token'),
  };
}

export const mistakeIn = (name, value, allowed) => `Không có ${name}=${value}. Có thể dùng: ${allowed.filter(Boolean).join(', ')}.`;

/** The address with some of its parts changed; null takes a part out. */
export function addressWith(search, changes) {
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) value === null || value === '' ? query.delete(key) : query.set(key, value);
  const text = query.toString();
  return text ? `/board?${text}` : '/board';
}
