// The way from screen to screen, and from a unit to those above it.

import { byId, isNews, linkTo } from './dom.js';
import { t } from './language.js';

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
