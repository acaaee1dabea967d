// Server-sent events over fetch, for ever: whatever answers in between (a proxy's error page, nothing at all, half a message), the next try follows.
// EventSource gives up for good on an HTTP error, tries all screens of a wall in step, and does not say why it failed.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export class EventReader {
  #url;
  #listener;
  #failures = 0;
  #request = null;
  #timer = 0;

  /** @param listener message(event, text), broke(), and refused(status, text) when the server understood and said no */
  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    this.reopen();
  }

  /** Gives the connection up and opens another at once. */
  reopen() {
    this.close();
    const request = new AbortController();
    this.#request = request;
    this.#run(request);
  }

  close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  async #run(request) {
    try {
      const answer = await fetch(this.#url, { signal: request.signal, cache: 'no-store', headers: { accept: 'text/event-stream' } });
      if (answer.status >= 400 && answer.status < 500) {
        const text = await answer.text();
        if (request === this.#request) this.#listener.refused?.(answer.status, text);
      } else if (answer.ok && answer.headers.get('content-type')?.startsWith('text/event-stream')) {
        await this.#read(answer.body.pipeThrough(new TextDecoderStream()).getReader(), request);
      }
    } catch {
      // A network that is away, a proxy that hung up, or close(): all the same to a reader.
    }
    if (request !== this.#request) return;
    this.#listener.broke();
    this.#timer = setTimeout(() => request === this.#request && this.reopen(), this.#pause());
  }

  async #read(reader, request) {
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || request !== this.#request) return;
      const messages = (rest + value).replaceAll('\r', '').split('\n\n');
      rest = messages.pop();
      for (const message of messages) this.#tell(message);
    }
  }

  #tell(message) {
    let event = 'message';
    const data = [];
    for (const line of message.split('\n')) {
      if (line.startsWith('event:')) event = line.slice(6).trim();
      else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    }
    if (data.length === 0) return;
    this.#failures = 0;
    this.#listener.message(event, data.join('\n'));
  }

  /** Doubles up to its bound; half of it is chance, so that the screens of a province do not come back all at once. */
  #pause() {
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    return most / 2 + Math.random() * most / 2;
  }
}
