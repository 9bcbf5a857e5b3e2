/**
 * The body of a request piece by piece, as fast as its reader takes it: a little is read ahead, then its sender waits.
 * Time runs only while the reader waits, so a long upload may take all day, but not fall silent.
 */
import type { IncomingMessage } from 'node:http';
import type { AwsError } from '@stormglass/aws-wire';
import { bodyBroken, bodyTooSlow } from './service-errors.ts';

/** So much may be waiting for the reader before the socket is paused. */
const AHEAD_BYTES_MAX = 256 * 1024;

interface Waiting {
  readonly resolve: (result: IteratorResult<Buffer>) => void;
  readonly reject: (error: AwsError) => void;
}

/** Goes once through the body. After `return`, and after an error, the rest is whoever's answers the request to drop. */
export class BodyStream implements AsyncIterableIterator<Buffer> {
  readonly #request: IncomingMessage;
  readonly #timeoutMs: number;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #isPaused = false;
  #waiting: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #end: 'whole' | AwsError | undefined;

  /** @param timeoutMs how long the reader waits for the next byte */
  constructor(request: IncomingMessage, timeoutMs: number) {
    this.#request = request;
    this.#timeoutMs = timeoutMs;
    if (request.complete && request.readableEnded) this.#end = 'whole';
    else if (request.destroyed) this.#end = bodyBroken();
    else
      request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onBroken).on('error', this.#onBroken);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Buffer>> {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#bytes -= piece.length;
      if (this.#bytes < AHEAD_BYTES_MAX / 2) this.#resume();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#end === 'whole') return Promise.resolve({ done: true, value: undefined });
    if (this.#end !== undefined) return Promise.reject(this.#end);
    this.#resume();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#timer = setTimeout(() => this.#finish(bodyTooSlow()), this.#timeoutMs);
    });
  }

  /** Stops reading; what has not come yet is left on the socket. */
  return(): Promise<IteratorResult<Buffer>> {
    this.#pieces.length = 0;
    if (this.#end === undefined) {
      this.#request.pause();
      this.#finish('whole');
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  readonly #onData = (piece: Buffer): void => {
    const waiting = this.#stopWaiting();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: piece });
      return;
    }
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes >= AHEAD_BYTES_MAX) {
      this.#isPaused = true;
      this.#request.pause();
    }
  };

  #resume(): void {
    if (!this.#isPaused || this.#end !== undefined) return;
    this.#isPaused = false;
    this.#request.resume();
  }

  readonly #onEnd = (): void => this.#finish('whole');
  readonly #onBroken = (): void => this.#finish(bodyBroken());

  #finish(end: 'whole' | AwsError): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const request = this.#request;
    request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onBroken).off('error', this.#onBroken);
    const waiting = this.#stopWaiting();
    if (end === 'whole') waiting?.resolve({ done: true, value: undefined });
    else waiting?.reject(end);
  }

  #stopWaiting(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    return waiting;
  }
}
