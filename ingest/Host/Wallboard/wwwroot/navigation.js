// The way from screen to screen and from a unit to those above it; keys for those who have a keyboard at the wall, and the dialog that lists them.
// One-letter keys can be switched off (WCAG 2.1.4).

import { byId, isNews, linkTo, make } from './dom.js';
import { t } from './language.js';

const KEPT = 'kpistream keys';

/** @param actions by key: { name, run }; run may answer false when there was nothing to do */
export function listenForKeys(actions) {
  byId('help-keys').append(...Object.entries(actions).flatMap(([key, { name }]) => {
    const term = make('dt');
    term.append(make('kbd', '', key === ' ' ? t('phím cách') : key.replace('ArrowLeft', '←').replace('ArrowRight', '→')));
    return [term, make('dd', '', name)];
  }));
  const switched = byId('keys-on');
  switched.checked = kept() !== 'off';
  switched.addEventListener('change', () => keep(switched.checked ? 'on' : 'off'));
  byId('help-button').addEventListener('click', () => byId('help').showModal());
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && event.target.matches?.('input')) event.target.blur();
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.altKey || event.metaKey || byId('help').open || event.target.closest?.('input, select, textarea')) return;
    if (!switched.checked && event.key !== '?') return;
    if (event.key === ' ' && event.target.closest?.('a, button, summary, [role=region]')) return; // there the key has a meaning of its own
    if (action.run() !== false) event.preventDefault();
  });
}

/** The choices that the address keeps, as links. */
export function showOptions(groups) {
  const box = byId('help-options');
  if (!isNews(box, groups)) return;
  box.replaceChildren(...groups.flatMap(({ name, choices }) => {
    const line = make('span', 'option', `${name}: `);
    choices.forEach(({ text, href, isChosen }, index) => {
      const link = linkTo(href, text);
      if (isChosen) link.setAttribute('aria-current', 'true');
      line.append(index > 0 ? ' · ' : '', link);
    });
    return [line];
  }));
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

const SCREENS = [['province', t('Tổng quan')], ['units', t('Đơn vị')], ['low', t('Ít phát sinh')], ['alerts', t('Cảnh báo')], ['figures', t('Chỉ số')]];
const OF_ONE_UNIT = new Set(['figures', 'alerts']);

/** @param isOneUnit true for a unit without rows of its own, which has fewer screens */
export function showScreens(view, isOneUnit, linkToScreen) {
  const screens = SCREENS.filter(([name]) => !isOneUnit || OF_ONE_UNIT.has(name));
  const list = byId('screens');
  if (!isNews(list, view, screens.map(([name]) => linkToScreen(name)))) return;
  list.replaceChildren(...screens.map(([name, text]) => {
    const link = linkTo(linkToScreen(name), text);
    if (name === view) link.setAttribute('aria-current', 'page');
    return link;
  }));
}

/** @param above { text, href } from the top downwards */
export function showCrumbs(above) {
  const crumbs = byId('crumbs');
  crumbs.hidden = above.length === 0;
  if (isNews(crumbs, above)) crumbs.replaceChildren(...above.flatMap(({ text, href }) => [linkTo(href, text), ' › ']));
}
