// Tells the server which frame this screen painted last, so that a wall that has gone dark is missed by somebody.

const EVERY_MS = 60_000;
const KEY = 'kpistream board';
const TOLD = ['wall', 'screen', 'unit', 'period', 'rotate', 'every', 'lang', 'theme', 'distance']; // what is searched for is nobody's business

export class PaintReport {
  #frame = 0;
  #isPending = false; // a hidden page paints nothing, and must not keep what it did not paint
  #painted = null;
  #version;
  #wall;

  /** @param wall the name of this screen; a page without one is somebody looking, whom nobody misses */
  constructor(version, wall) {
    this.#version = version;
    this.#wall = wall;
    if (wall) setInterval(() => this.#tell(), EVERY_MS);
  }

  /** To be called with every frame laid on the page; counts once the screen has shown it. */
  painting({ id }) {
    this.#frame = id;
    if (this.#isPending || !this.#wall) return;
    this.#isPending = true;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      this.#isPending = false;
      this.#painted = { frame: this.#frame, paintedAt: new Date().toISOString() };
    }));
  }

  async #tell() {
    const painted = this.#painted;
    if (painted === null) return;
    this.#painted = null; // a page that paints nothing says nothing
    const screen = { w: innerWidth, h: innerHeight };
    const body = { board: boardId(this.#wall), address: plainAddress(), ...painted, version: this.#version, screen };
    try {
      await fetch('/api/v1/boards', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) });
    } catch {
      // The next one comes in a minute.
    }
  }
}

function plainAddress() {
  const query = new URLSearchParams([...new URLSearchParams(location.search)].filter(([key]) => TOLD.includes(key)));
  return `/board${query.size > 0 ? `?${query.toString().replaceAll('%2C', ',')}` : ''}`;
}

let ownId = null;

/** Kept by the browser for each screen, so that it stays the same over restarts; a browser that keeps nothing is another screen then. */
function boardId(wall) {
  ownId ??= read(wall) ?? crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  try {
    localStorage.setItem(`${KEY} ${wall}`, ownId);
  } catch {
    // Storage is full or forbidden.
  }
  return ownId;
}

function read(wall) {
  try {
    return localStorage.getItem(`${KEY} ${wall}`);
  } catch {
    return null;
  }
}
