/** Notices when the last of an answer has been read: a streamed one keeps its place in the host until then. */
import type { WireResponse } from '@stormglass/aws-wire';

/** Calls `done` once: at once, or, where the body is a stream, when it ends, fails, or nobody wants the rest. */
export function whenRead(response: WireResponse, done: () => void): WireResponse {
  const { body } = response;
  if (typeof body === 'object' && Symbol.asyncIterator in body) return { ...response, body: new Watched(body, done) };
  done();
  return response;
}

/** A class, because a generator that was never begun does not notice that it is not wanted. */
class Watched implements AsyncIterableIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #done: () => void;
  #isDone = false;

  constructor(source: AsyncIterable<Uint8Array>, done: () => void) {
    this.#source = source[Symbol.asyncIterator]();
    this.#done = done;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const result = await this.#source.next();
      if (result.done) this.#end();
      return result;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    try {
      await this.#source.return?.();
    } finally {
      this.#end();
    }
    return { done: true, value: undefined };
  }

  #end(): void {
    if (!this.#isDone) this.#done();
    this.#isDone = true;
  }
}
