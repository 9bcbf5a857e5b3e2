/** What a zone asked the sequencer and has had no answer to. */
import { LogUnavailable, type Seq } from '../../log.ts';

interface Request {
  readonly resolve: (seq: Seq) => void;
  readonly reject: (error: Error) => void;
}

export class PendingRequests {
  readonly #requests = new Map<number, Request>();
  #last = 0;

  /** Sends a question under a new number; rejects when `signal` aborts first. */
  ask(send: (request: number) => void, signal: AbortSignal): Promise<Seq> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const onAbort = () =>
        this.answer(id, r => r.reject(new LogUnavailable('unknown', 'the log did not answer in time')));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#requests.set(id, { resolve, reject });
      send(id);
    });
  }

  answer(id: number, how: (request: Request) => void): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    how(request);
  }

  /** The connection is gone: what was asked may have happened. */
  giveUp(): void {
    for (const id of [...this.#requests.keys()]) {
      this.answer(id, r => r.reject(new LogUnavailable('unknown', 'the connection to the log broke')));
    }
  }
}
