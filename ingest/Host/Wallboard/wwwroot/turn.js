// A wall without anybody at it: shows its screens in turn (?rotate=province,units,alerts&every=20), without loading the page again.

import { byId, setText } from './dom.js';
import { t } from './language.js';

export class Rotation {
  #go;
  #screens = [];
  #every = 0;
  #at = 0;
  #turnedAt = performance.now();
  #paused = false;

  /** @param go shows a screen by its name */
  constructor(go) {
    this.#go = go;
  }

  set({ rotate, every }) {
    const isNew = rotate.join() !== this.#screens.join();
    [this.#screens, this.#every] = [rotate, every];
    this.#show();
    if (!isNew) return;
    this.#at = 0;
    this.#turnedAt = performance.now();
    if (rotate.length > 0) this.#go(rotate[0]);
  }

  /** Called every second. Somebody who is reading or typing is not interrupted. */
  tick() {
    if (this.#screens.length < 2 || this.#paused) return;
    if (performance.now() - this.#turnedAt >= this.#every * 1000 && !byId('help').open && !document.activeElement?.matches('input, select')) this.move(1);
  }

  /** @param steps 1 for the next screen, -1 for the one before; false where nothing rotates */
  move(steps) {
    if (this.#screens.length < 2) return false;
    this.#at = (this.#at + steps + this.#screens.length) % this.#screens.length;
    this.#turnedAt = performance.now();
    this.#go(this.#screens[this.#at]);
    return true;
  }

  pause() {
    if (this.#screens.length < 2) return false;
    this.#paused = !this.#paused;
    this.#turnedAt = performance.now();
    this.#show();
    return true;
  }

  #show() {
    byId('turning').hidden = this.#screens.length < 2;
    setText(byId('turning'), this.#paused ? t('Đã dừng luân phiên (phím cách để tiếp tục)') : t('Luân phiên {0} giây', this.#every));
  }
}
