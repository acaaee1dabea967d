// Tells the server which frame this screen painted last, so that a wall that has gone dark is missed by somebody.

const EVERY_MS = 60_000;
const KEY = 'kpistream board';

export class PaintReport {
  #painted = null;
  #version;

  constructor(version) {
    this.#version = version;
    setInterval(() => this.#tell(), EVERY_MS);
  }

  /** To be called with every frame laid on the page; counts once the screen has shown it. */
  painting(frame) {
    requestAnimationFrame(() => requestAnimationFrame(() => { this.#painted = { frame: frame.id, paintedAt: new Date().toISOString() }; }));
  }

  async #tell() {
    const painted = this.#painted;
    if (painted === null) return;
    this.#painted = null; // a page that paints nothing says nothing
    const body = { board: boardId(), address: location.pathname + withoutToken(), ...painted, version: this.#version, screen: { w: innerWidth, h: innerHeight } };
    try {
      await fetch('/api/v1/boards', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) });
    } catch {
      // The next one comes in a minute.
    }
  }
}

function withoutToken() {
  const query = new URLSearchParams(location.search);
  query.delete('token');
  return query.size > 0 ? `?${query}` : '';
}

let ownId = null;

/** Kept by the browser, so that a screen stays the same over restarts; one that keeps nothing is another screen then. */
function boardId() {
  ownId ??= read() ?? crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  try {
    localStorage.setItem(KEY, ownId);
  } catch {
    // Storage is full or forbidden.
  }
  return ownId;
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
