// What is asked of the API besides the stream: trends, why a figure is what it is, lists. Asked again while a screen shows it; an answer that failed leaves the
// last one, which says of what instant it is.

import { t } from './language.js';

const MOST = 12; // answers kept: a screen needs a few, and a rotation comes back to the same ones
const PATIENCE_MS = 10_000;

export class Answers {
  #known = new Map();
  #changed;

  /** @param changed called when there is an answer that was not there before */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * The newest answer to a question, asked again when it is older than every milliseconds.
   * @returns { value, failed }: value null before the first answer; failed true when the last try brought none, or text when the server said why
   */
  get(url, every) {
    const known = this.#known.get(url) ?? { value: null, failed: false, askedAt: -Infinity, busy: false };
    this.#known.delete(url);
    this.#known.set(url, known); // the least asked for stand first
    while (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value);
    if (!known.busy && performance.now() - known.askedAt > every) this.#ask(url, known);
    return known;
  }

  /** Asked again at once: something was decided that changes the answer. */
  renew(url) {
    const known = this.#known.get(url);
    if (known) known.askedAt = -Infinity;
    this.#changed();
  }

  async #ask(url, known) {
    known.busy = true;
    known.askedAt = performance.now();
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.ok) Object.assign(known, { value: await answer.json(), failed: false });
      else known.failed = answer.status === 403 ? t('Bảng này không được xem phần này.') : await detailOf(answer);
    } catch {
      known.failed = true;
    }
    known.busy = false;
    if (this.#known.get(url) === known) this.#changed();
  }
}

async function detailOf(answer) {
  const said = await answer.json().catch(() => null);
  return typeof said?.detail === 'string' ? said.detail : true;
}

/** What stands in the place of an answer that is not there yet. */
export const waitingText = ({ failed }) =>
  (typeof failed === 'string' ? failed : failed ? t('Không lấy được số liệu, đang thử lại.') : t('Đang lấy số liệu…'));
