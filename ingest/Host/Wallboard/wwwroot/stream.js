// One connection to the server for all tabs of a browser: over HTTP/1.1 it opens six to one host, and a seventh tab would stay blank.

import { EventReader } from './events.js';

const POLL_MS = 3_000;
const ANSWER_MS = 1_000; // how long other tabs are given to say that they hold a connection
const MOST_STREAMS = 3; // tabs with a connection of their own where none can be shared: the rest of the six stay free for pages and polls

/**
 * Opens the way on which this tab hears the board: its own connection, passed on to the other tabs, or what another tab passes on. Where a browser
 * cannot choose one tab (no Web Locks: a page without HTTPS that is not on this machine), some tabs connect and the others ask every few seconds.
 * @param listener message(event, text), broke(), refused(status, text), and whole(): all this tab knows as text, or null while it knows nothing current
 * @returns { reopen(), close() }
 */
export function openStream(url, listener) {
  if (!globalThis.BroadcastChannel) return new PolledBoard(url, listener);
  return navigator.locks ? new SharedStream(url, listener) : new CountedStream(url, listener);
}

/** The tab that holds the lock has the connection. When it is closed, the lock and with it the connection go to the next one. */
class SharedStream {
  #url;
  #listener;
  #own = null;
  #channel;
  #me = crypto.randomUUID();
  #left = new AbortController();
  #release = () => {};

  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    this.#channel = new BroadcastChannel(`kpistream ${url}`);
    this.#channel.onmessage = event => this.#hear(event.data);
    navigator.locks.request(`kpistream ${url}`, { signal: this.#left.signal }, () => this.#lead()).catch(() => {}); // left while waiting
    this.reopen();
  }

  reopen() {
    this.#own ? this.#own.reopen() : this.#channel.postMessage({ ask: this.#me });
  }

  close() {
    this.#left.abort();
    this.#own?.close();
    this.#channel.close();
    this.#release();
  }

  #lead() {
    if (this.#left.signal.aborted) return undefined;
    this.#own = new EventReader(this.#url, {
      message: (event, text) => this.#pass({ event, text }, () => this.#listener.message(event, text)),
      broke: () => this.#pass({ broke: true }, () => this.#listener.broke()),
      refused: (status, text) => this.#pass({ status, text }, () => this.#listener.refused(status, text)),
    });
    return new Promise(release => { this.#release = release; }); // held until the tab is closed or wants another board
  }

  #pass(message, tell) {
    this.#channel.postMessage(message);
    tell();
  }

  #hear({ ask, to, event, text, broke, status }) {
    if (this.#own) {
      const known = ask ? this.#listener.whole() : null;
      if (known) this.#channel.postMessage({ to: ask, event: 'frame', text: known });
    } else if (broke) this.#listener.broke();
    else if (status) this.#listener.refused(status, text);
    else if (event && (!to || to === this.#me)) this.#listener.message(event, text);
  }
}

/** Without Web Locks: a connection of its own, unless enough other tabs have one; then it asks again and again. */
class CountedStream {
  #way = null;
  #channel = new BroadcastChannel('kpistream connections');
  #timer;

  constructor(url, listener) {
    let others = 0;
    this.#channel.onmessage = ({ data }) => {
      if (data === 'who') this.#way instanceof EventReader && this.#channel.postMessage('me');
      else others++;
    };
    this.#channel.postMessage('who');
    this.#timer = setTimeout(() => { this.#way = others < MOST_STREAMS ? new EventReader(url, listener) : new PolledBoard(url, listener); }, ANSWER_MS);
  }

  reopen() {
    this.#way?.reopen();
  }

  close() {
    clearTimeout(this.#timer);
    this.#channel.close();
    this.#way?.close();
  }
}

class PolledBoard {
  #url;
  #listener;
  #timer = 0;
  #last = '';
  #isOpen = true;
  #asking = null;

  constructor(url, listener) {
    this.#url = url.replace('/stream', '/board');
    this.#listener = listener;
    this.reopen();
  }

  reopen() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = new AbortController();
    this.#ask(this.#asking.signal);
  }

  close() {
    clearTimeout(this.#timer);
    this.#isOpen = false;
    this.#asking?.abort();
  }

  async #ask(given) {
    try {
      const answer = await fetch(this.#url, { signal: AbortSignal.any([given, AbortSignal.timeout(3 * POLL_MS)]) });
      const text = await answer.text();
      if (answer.status >= 400 && answer.status < 500) this.#listener.refused(answer.status, text);
      if (!answer.ok) throw new Error(String(answer.status));
      if (this.#isOpen && text !== this.#last) this.#listener.message('frame', text); // the same again says that the server no longer publishes
      this.#last = text;
    } catch {
      if (!given.aborted) this.#listener.broke();
    }
    if (!given.aborted) this.#timer = setTimeout(() => this.#ask(given), POLL_MS);
  }
}
