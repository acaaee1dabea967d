// The language of the page: Vietnamese, or English with ?lang=en. Every text stands in Vietnamese where it is shown; english.js says what it is in English.

import * as vi from './vietnamese.js';

export const lang = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'vi';
const isEnglish = lang === 'en';
const english = isEnglish ? await import('./english.js') : null;
const TEXTS = english?.TEXTS ?? {};

/** What an alert found. */
export const alertText = alert => (isEnglish && alert.textEn) || alert.text;

/** A name that the server gives with its kind, "phường Phố Hiến": in English "Phố Hiến ward". */
export const fullName = name => english?.fullName(name) ?? name;

/** A text in the page's language; {0}, {1} … are replaced by the parts. */
export function t(text, ...parts) {
  const said = isEnglish ? TEXTS[text] ?? text : text;
  return parts.length === 0 ? said : said.replace(/\{(\d)\}/g, (_, index) => parts[index]);
}

/** The texts of a part of the document as it was written, and the labels that only screen readers say. */
export function translate(root) {
  if (!isEnglish) return;
  document.documentElement.lang = 'en';
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.data.trim();
    if (TEXTS[text]) node.data = node.data.replace(text, TEXTS[text]);
  }
  for (const name of ['aria-label', 'placeholder', 'title']) {
    for (const element of root.querySelectorAll(`[${name}]`)) element.setAttribute(name, t(element.getAttribute(name)));
  }
}

// Points and commas change places; the percent sign stands at the number.
const swapped = text => text.replace(/[.,]/g, mark => (mark === '.' ? ',' : '.')).replaceAll('\u00a0%', '%');
const inLanguage = write => (isEnglish ? (...parts) => swapped(write(...parts)) : write);

export const count = inLanguage(vi.count);
export const percent = inLanguage(vi.percent);
export const ratio = inLanguage(vi.ratio);
export const fraction = inLanguage(vi.fraction);
export const interval = inLanguage(vi.interval);
export const seconds = inLanguage(vi.seconds);
export const { timeOfDay, sameDay, folded } = vi;

/** A text that came with numbers in it, like "≥ 66,6 %" or "≥ 50 hồ sơ": no line ends within it. */
export const written = text => text && (isEnglish ? swapped(text).replace(' %', '%').replace('hồ sơ', 'cases') : text).replace(/ /g, '\u00a0');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function date(text) {
  const said = vi.date(text);
  if (!isEnglish || !said.includes('/')) return said;
  const [day, month, year] = said.split('/').map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** The day and month alone, for axes and lists within a year. */
export function shortDate(text) {
  const [, month, day] = String(text ?? '').slice(0, 10).split('-').map(Number);
  if (!day) return '–';
  return isEnglish ? `${day} ${MONTHS[month - 1]}` : `${day}/${month}`;
}

export const dateOf = ms => date(vi.isoDate(ms));

export const age = seconds => (isEnglish ? swapped(vi.age(seconds)).replace(/\S+$/, unit => t(unit)) : vi.age(seconds));

/** With a capital at its beginning. */
export const { capital } = vi;
