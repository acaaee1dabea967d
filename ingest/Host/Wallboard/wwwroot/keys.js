// Keys for those who have a keyboard at the wall, and the dialog that lists them. One-letter keys can be switched off (WCAG 2.1.4).

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
