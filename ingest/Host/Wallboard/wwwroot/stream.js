// One connection to the server for all tabs of a browser: over HTTP/1.1 it opens six to one host, and a seventh tab would stay blank.

const EVENTS = ['frame', 'delta', 'heartbeat'];
const REOPEN_MS = 3_000;
const POLL_MS = 3_000;
const ANSWER_MS = 1_000; // how long other tabs are given to say that they hold a connection
const MOST_STREAMS = 3; // tabs with a connection of their own where none can be shared: the rest of the six stay free for pages and polls

/**
 * Opens the way on which this tab hears the board: its own connection, passed on to the other tabs, or what another tab passes on. Where a browser
 * cannot choose one tab (no Web Locks: a page without HTTPS that is not on this machine), some tabs connect and the others ask every few seconds.
 * @param listener message(event, text), broke(), and whole(): all this tab knows as text, or null while it knows nothing current
 * @returns { reopen() } for a connection that is open but silent
 */
export function openStream(url, listener) {
  if (!globalThis.BroadcastChannel) return new PolledBoard(url, listener);
  return navigator.locks ? new SharedStream(url, listener) : new CountedStream(url, listener);
}

class OwnStream {
  #url;
  #listener;
  #source = null;

  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    this.reopen();
  }

  reopen() {
    this.#source?.close();
    const source = new EventSource(this.#url);
    this.#source = source;
    for (const name of EVENTS) source.addEventListener(name, event => source === this.#source && this.#listener.message(name, event.data));
    source.addEventListener('error', () => this.#broke(source));
  }

  #broke(source) {
    if (source !== this.#source) return;
    this.#listener.broke();
    // The browser retries by itself after a network break, but gives up for good on an HTTP error.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => source === this.#source && this.reopen(), REOPEN_MS);
  }
}

/** The tab that holds the lock has the connection. When it is closed, the lock and with it the connection go to the next one. */
class SharedStream {
  #url;
  #listener;
  #own = null;
  #channel;
  #me = crypto.randomUUID();

  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    this.#channel = new BroadcastChannel(`kpistream ${url}`);
    this.#channel.onmessage = event => this.#hear(event.data);
    navigator.locks.request(`kpistream ${url}`, () => this.#lead());
    this.reopen();
  }

  reopen() {
    this.#own ? this.#own.reopen() : this.#channel.postMessage({ ask: this.#me });
  }

  #lead() {
    this.#own = new OwnStream(this.#url, {
      message: (event, text) => {
        this.#channel.postMessage({ event, text });
        this.#listener.message(event, text);
      },
      broke: () => {
        this.#channel.postMessage({ broke: true });
        this.#listener.broke();
      },
    });
    return new Promise(() => {}); // held until the tab is closed
  }

  #hear({ ask, to, event, text, broke }) {
    if (this.#own) {
      const known = ask ? this.#listener.whole() : null;
      if (known) this.#channel.postMessage({ to: ask, event: 'frame', text: known });
    } else if (broke) this.#listener.broke();
    else if (event && (!to || to === this.#me)) this.#listener.message(event, text);
  }
}

/** Without Web Locks: a connection of its own, unless enough other tabs have one; then it asks again and again. */
class CountedStream {
  #way = null;

  constructor(url, listener) {
    const channel = new BroadcastChannel('kpistream connections');
    let others = 0;
    channel.onmessage = ({ data }) => {
      if (data === 'who') this.#way instanceof OwnStream && channel.postMessage('me');
      else others++;
    };
    channel.postMessage('who');
    setTimeout(() => { this.#way = others < MOST_STREAMS ? new OwnStream(url, listener) : new PolledBoard(url, listener); }, ANSWER_MS);
  }

  reopen() {
    this.#way?.reopen();
  }
}

class PolledBoard {
  #url;
  #listener;
  #timer = 0;
  #last = '';

  constructor(url, listener) {
    this.#url = url.replace('/stream', '/board');
    this.#listener = listener;
    this.reopen();
  }

  reopen() {
    clearTimeout(this.#timer);
    this.#ask();
  }

  async #ask() {
    try {
      const answer = await fetch(this.#url, { signal: AbortSignal.timeout(3 * POLL_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (text !== this.#last) this.#listener.message('frame', text); // the same again says that the server no longer publishes
      this.#last = text;
    } catch {
      this.#listener.broke();
    }
    this.#timer = setTimeout(() => this.#ask(), POLL_MS);
  }
}
