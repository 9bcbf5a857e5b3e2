/**
 * HTTP calls between zones whose bodies are streams: through the faults of the link they take, chunk by chunk, with
 * bounds on what is under way, and given up when the other end is silent. For what fits in memory there is
 * `internal-call.ts`.
 */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { LinkConnection } from '@stormglass/faults';
import type { InternalCall } from '../internal-call.ts';
import { Silence } from '../silence.ts';

/** `silenceMs`: so long nothing moves before the call is given up. */
export type StreamCall = Pick<InternalCall, 'from' | 'to' | 'links' | 'clock' | 'agent' | 'path'> & {
  readonly silenceMs: number;
};

/** What a head weighs on a link, in bytes. */
const HEAD_BYTES = 200;
const ANSWER_BYTES_MAX = 64 * 1024;
/** What may be under way in one direction of one call, as a TCP window. */
export const WINDOW_BYTES = 1024 * 1024;

/** A body on its way to another zone: PUT. It never waits by itself; whoever writes looks at `waitingBytes`. */
export class StreamUpload {
  /** Status and text of the answer. Rejects when there is none. */
  readonly answer: Promise<{ readonly status: number; readonly text: string }>;
  readonly #answer = Promise.withResolvers<{ readonly status: number; readonly text: string }>();
  readonly #link: LinkConnection;
  readonly #silence: Silence;
  #request: ClientRequest | undefined;
  #waiting = 0;
  #isOver = false;
  #onRoom: (() => void)[] = [];

  constructor(call: StreamCall) {
    const { from, to, links, clock, agent, path, silenceMs } = call;
    this.answer = this.#answer.promise;
    this.answer.catch(() => {});
    this.#silence = new Silence(clock, silenceMs, () => this.fail(new Error(`${to} is silent`)));
    const onReset = () =>
      this.fail(new Error(`the connection to ${to} was ${this.#link.isRefused ? 'refused' : 'reset'}`));
    this.#link = new LinkConnection({ rules: links, clock, from, to, onReset });
    this.#link.there.send(HEAD_BYTES, () => {
      this.#request = request({ agent, method: 'PUT', path }, response => this.#onAnswer(response));
      this.#request.on('error', error => this.fail(error));
    });
  }

  /** Bytes that were written and have not left yet. */
  get waitingBytes(): number {
    return this.#waiting;
  }

  /** It was answered, or failed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** `bytes` must not change before `onLeft`, which is not called where it fails meanwhile. */
  write(bytes: Uint8Array, onLeft: () => void): void {
    if (this.#isOver) return onLeft();
    const { there } = this.#link;
    // Faults may change what they carry, and others have the same bytes.
    const isOwn = !there.isClear;
    const chunk = isOwn ? Buffer.from(bytes) : bytes;
    if (isOwn) onLeft();
    this.#waiting += chunk.length;
    there.send(chunk, () =>
      this.#request?.write(chunk, error => {
        if (!isOwn && !error) onLeft();
        this.#waiting -= chunk.length;
        this.#silence.broken();
        if (this.#waiting <= WINDOW_BYTES) this.#wake();
      }),
    );
  }

  /** Resolves when no more than a window waits, or it is over. */
  async room(): Promise<void> {
    if (this.#isOver || this.#waiting <= WINDOW_BYTES) return;
    await new Promise<void>(resolve => this.#onRoom.push(resolve));
  }

  /** The body is whole. `answerMs`: how long the other zone may take with what it has got. */
  end(answerMs: number): void {
    if (this.#isOver) return;
    this.#silence.allow(answerMs);
    this.#link.there.send('end', () => this.#request?.end());
  }

  fail(error: Error): void {
    if (this.#isOver) return;
    this.#finish();
    this.#request?.destroy();
    this.#answer.reject(error);
  }

  #onAnswer(response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('error', error => this.fail(error));
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) this.fail(new Error('the answer is too large'));
      else chunks.push(chunk);
    });
    response.on('end', () =>
      this.#link.back.send(HEAD_BYTES + size, () => {
        if (this.#isOver) return;
        this.#finish();
        // Who answers before the end does not want the rest.
        if (!this.#request?.writableFinished) this.#request?.destroy();
        this.#answer.resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() });
      }),
    );
  }

  #finish(): void {
    this.#isOver = true;
    this.#silence.end();
    this.#link.close();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#onRoom.splice(0)) resolve();
  }
}

export interface Download {
  readonly status: number;
  /** Destroying it ends the call. Where it ends early, it fails. */
  readonly body: Readable;
}

/**
 * Asks another zone for a stream: GET.
 * @throws Error when there is no answer
 */
export function download(call: StreamCall, signal?: AbortSignal): Promise<Download> {
  const { from, to, links, clock, agent, path, silenceMs } = call;
  const answered = Promise.withResolvers<Download>();
  let sent: ClientRequest | undefined;
  let body: Readable | undefined;
  const end = () => {
    silence.end();
    link.close();
    signal?.removeEventListener('abort', onAbort);
  };
  const fail = (error: Error) => {
    end();
    sent?.destroy();
    body?.destroy(error);
    answered.reject(error);
  };
  const onAbort = () => fail(new Error('aborted'));
  const silence = new Silence(clock, silenceMs, () => fail(new Error(`${to} is silent`)));
  const link = new LinkConnection({
    rules: links,
    clock,
    from,
    to,
    onReset: () => fail(new Error(`the connection to ${to} broke`)),
  });
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  link.there.send(HEAD_BYTES, () => {
    sent = request({ agent, method: 'GET', path }, response => {
      body = receive(response, link, silence, { end, fail });
      link.back.send(HEAD_BYTES, () => answered.resolve({ status: response.statusCode ?? 500, body: body! }));
    });
    sent.on('error', fail);
    sent.end();
  });
  return answered.promise;
}

interface Ends {
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** What comes back, as the link lets it through and as its reader takes it. */
function receive(response: IncomingMessage, link: LinkConnection, silence: Silence, { end, fail }: Ends): Readable {
  let isWanted = true;
  const flow = () => {
    if (isWanted && link.back.waitingBytes <= WINDOW_BYTES) {
      if (response.isPaused()) silence.broken();
      response.resume();
    } else {
      response.pause();
      // A reader may take its time.
      if (!isWanted) silence.hold();
    }
  };
  const body = new Readable({
    highWaterMark: WINDOW_BYTES,
    read() {
      isWanted = true;
      flow();
    },
    destroy(error, done) {
      if (!response.complete) response.destroy();
      end();
      done(error);
    },
  });
  // Who reads it hears of its failure; it may come before anybody does.
  body.on('error', () => {});
  response.on('data', (chunk: Buffer) => {
    silence.broken();
    link.back.send(chunk, () => {
      isWanted = body.push(chunk);
      flow();
    });
    flow();
  });
  response.on('end', () => link.back.send('end', () => body.push(null)));
  response.on('error', fail);
  response.on('close', () => {
    if (!response.complete) fail(new Error('the answer was cut off'));
  });
  return body;
}
