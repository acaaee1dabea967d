// What the page's address asks for. What is not understood is refused by name and never ignored: a wall would show something else for months.

import { t } from './language.js';
import { GROUPS, SORTS } from './units.js';

export const SCREENS = ['province', 'units', 'low', 'alerts', 'figures', 'why'];
const PROVINCE_SORTS = ['attention', 'name'];
const THEMES = ['light', 'dark'];
const DISTANCES = ['3', '5', '8'];
const KEYS = ['screen', 'unit', 'period', 'sort', 'figure', 'group', 'find', 'rotate', 'every', 'lang', 'theme', 'distance', 'wall', 'token'];
const SECONDS = { usual: 20, least: 5, most: 3_600 };

/** @returns what is asked for with what is left out filled in, or { mistake } in words. */
export function readAddress(search) {
  const query = new URLSearchParams(search);
  const unknown = [...query.keys()].find(key => !KEYS.includes(key));
  if (unknown !== undefined) return { mistake: t('Không có tham số "{0}". Các tham số: {1}.', unknown, KEYS.join(', ')) };
  const screen = query.get('screen');
  const rotate = query.has('rotate') ? query.get('rotate').split(',') : [];
  const sort = query.get('sort') ?? (screen === 'units' ? 'value' : 'attention');
  const key = screen === 'units' ? sort.replace(/^-/, '') : sort;
  const every = query.has('every') ? Number(query.get('every')) : SECONDS.usual;
  const checks = [
    ['screen', screen ?? 'province', SCREENS], ['sort', key, screen === 'units' ? SORTS : PROVINCE_SORTS], ['group', query.get('group') ?? '', ['', ...Object.keys(GROUPS)]],
    ['lang', query.get('lang') ?? 'vi', ['vi', 'en']], ['theme', query.get('theme') ?? 'light', THEMES], ['distance', query.get('distance') ?? '5', DISTANCES],
    ...rotate.map(each => ['rotate', each, SCREENS.filter(one => one !== 'why')]),
  ];
  for (const [name, value, allowed] of checks) {
    if (!allowed.includes(value)) return { mistake: mistakeIn(name, name === 'sort' ? sort : value, allowed) };
  }
  if (!/^[A-Za-z0-9-]{0,40}$/.test(query.get('wall') ?? '')) return { mistake: t('wall là tên màn hình: tối đa 40 chữ cái không dấu, chữ số, gạch nối.') };
  if (!(every >= SECONDS.least && every <= SECONDS.most)) return { mistake: t('every phải là số giây từ {0} đến {1}.', SECONDS.least, SECONDS.most) };
  return {
    screen, unit: query.get('unit'), period: query.get('period'), sort: key, down: sort.startsWith('-'), figure: query.get('figure') ?? 'fully_online',
    group: query.get('group') ?? '', find: query.get('find') ?? '', rotate, every, lang: query.get('lang') ?? 'vi', theme: query.get('theme'),
    distance: query.get('distance') ?? '5', wall: query.get('wall'),
  };
}

export const mistakeIn = (name, value, allowed) => t('Không có {0}={1}. Có thể dùng: {2}.', name, value, allowed.filter(Boolean).join(', '));

/** The address with some of its parts changed; null takes a part out. */
export function addressWith(search, changes) {
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) value === null || value === '' ? query.delete(key) : query.set(key, value);
  const text = query.toString().replaceAll('%2C', ',');
  return text ? `/board?${text}` : '/board';
}

/** What belongs to one screen alone and means nothing on the next. */
export const ONLY_HERE = { sort: null, figure: null, group: null, find: null };
