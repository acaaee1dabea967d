// The live figures and how fresh they are. Holds the newest frame and nothing older.

import { merge } from './merge.js';
import { openStream } from './stream.js';

const SILENCE_MS = 9_750; // two heartbeats, one at least every 4.75 s, and nothing came: the figures can no longer be trusted
const ASK_AGAIN_MS = 1_000;
const DEFAULT_STALE_SECONDS = 60;

// A screen may sleep or have its clock set; whichever of the two clocks saw more time go by is believed.
const readClocks = () => ({ wall: Date.now(), steady: performance.now() });
const since = mark => Math.max(Date.now() - mark.wall, performance.now() - mark.steady);

export class Feed {
  frame = null;
  #url;
  #onChange;
  #onRefused;
  #stream = null;
  #opened = readClocks();
  #heard = readClocks();
  #claimed = readClocks();
  #serverNow = { ms: Date.now(), ...readClocks() };
  #inStep = false;
  #isDenied = false;

  /** @param onRefused told what the server does not understand in the address */
  constructor(url, onChange, onRefused) {
    this.#url = url;
    this.#onChange = onChange;
    this.#onRefused = onRefused;
  }

  open() {
    this.#inStep = false;
    this.#opened = readClocks();
    if (this.#stream) {
      this.#stream.reopen();
      return;
    }
    this.#stream = openStream(this.#url, {
      message: (event, text) => (event === 'heartbeat' ? this.#beat(text) : this.#take(text)),
      broke: () => { this.#inStep = false; },
      refused: (status, text) => (status === 400 ? this.#onRefused(read(text)?.detail ?? '') : this.#deny(status)),
      whole: () => (this.frame && this.#inStep ? JSON.stringify({ ...this.frame, kind: 'frame', units: [...this.frame.units.values()] }) : null),
    });
  }

  close() {
    this.#stream?.close();
    this.#stream = null;
  }

  /** Called every second: a connection that is open but silent is as dead as a closed one. */
  watch() {
    if (since(this.#heard) > SILENCE_MS && since(this.#opened) > SILENCE_MS) this.open();
  }

  /** The server's clock now, carried on by the screen's own. */
  now() {
    return this.#serverNow.ms + since(this.#serverNow);
  }

  /**
   * connecting, live, reconnecting (a moment ago still live), lost (silent for ten seconds), stale, loading (the past is being read), empty, or denied.
   * The server's word that its data are fresh holds for staleAfterSeconds; unrenewed, the age of the data decides.
   */
  state() {
    if (this.#isDenied) return 'denied';
    if (!this.frame) return since(this.#heard) > SILENCE_MS ? 'lost' : 'connecting';
    if (since(this.#heard) > SILENCE_MS) return 'lost';
    if (this.frame.stale) return 'stale';
    if (this.frame.phase === 'loading' || this.frame.caughtUp === false) return 'loading';
    if (!this.frame.dataTime) return 'empty';
    const limit = (this.frame.staleAfterSeconds ?? DEFAULT_STALE_SECONDS) * 1000;
    if (since(this.#claimed) > limit && this.now() - Date.parse(this.frame.dataTime) > limit) return 'stale';
    return this.#inStep ? 'live' : 'reconnecting';
  }

  /** What was shown by a token or session that has ended is shown no longer; it is asked for again for ever, as after any other break. */
  #deny(status) {
    if (status !== 401 && status !== 403) return;
    this.#isDenied = true;
    this.frame = null;
    this.#heard = readClocks();
  }

  #take(text) {
    const message = read(text);
    if (!message || (message.kind !== 'frame' && !this.frame)) {
      if (since(this.#opened) > ASK_AGAIN_MS) this.open(); // rows lost, or without the frame they belong to: a new connection starts with a whole one
      return;
    }
    this.#inStep = true;
    this.#isDenied = false;
    const known = this.frame;
    this.frame = merge(known, message);
    this.#claimed = readClocks();
    this.#mark(message);
    this.#onChange(message, known);
  }

  #beat(text) {
    const message = read(text) ?? {};
    if (!this.#inStep) return; // after a break only figures prove that the figures are current
    if (this.frame && typeof message.now === 'string') { // what it does not say is as it was
      const { now, dataTime = this.frame.dataTime, stale = this.frame.stale, sourceState = this.frame.sourceState } = message;
      this.frame = { ...this.frame, now, dataTime, stale, sourceState };
      this.#claimed = readClocks();
    }
    this.#mark(message);
  }

  #mark(message) {
    this.#heard = readClocks();
    const ms = Date.parse(message.now);
    if (Number.isFinite(ms)) this.#serverNow = { ms, ...readClocks() };
  }
}

function read(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : null;
  } catch {
    return null; // a damaged message
  }
}
