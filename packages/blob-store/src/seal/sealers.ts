/**
 * Hashing and encryption off the main thread: a few workers, started when first needed. A body stays with one worker, as
 * its digests are taken in order. Buffers are handed over and back, not copied.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DigestValues } from '../digests/digest-name.ts';
import { BodySeal, type BodySealOptions } from './body-seal.ts';
import type { FromSealWorker, ToSealWorker } from './seal-messages.ts';

export interface Sealed {
  /** The stored form of the batch. */
  readonly stored: Buffer;
  /** With the last batch. */
  readonly digests: DigestValues | undefined;
}

/** One body being sealed. */
export interface Sealing {
  /** Takes the buffer, laid out as frames; batches are sealed in the order of the calls. */
  seal(batch: Buffer, isLast: boolean): Promise<Sealed>;
  /** The body is given up: batches under way are rejected. */
  drop(): void;
}

export interface SealersOptions {
  /** Worker threads; 0 does everything on the main thread. One, or two where there are four processors or more. */
  readonly workers?: number;
}

export class Sealers {
  readonly #workersMax: number;
  readonly #workers: SealWorker[] = [];
  #isClosed = false;

  constructor({ workers = availableParallelism() < 4 ? 1 : 2 }: SealersOptions = {}) {
    this.#workersMax = workers;
  }

  /** `isSmall` is for bodies of a batch or so: a worker would cost more than it saves. */
  begin(options: BodySealOptions, isSmall: boolean): Sealing {
    if (this.#isClosed) throw new Error('the sealers are closed');
    if (isSmall || this.#workersMax === 0) return sealHere(options);
    return this.#leastBusy().begin(options);
  }

  /** Ends the workers; bodies under way are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#workers.splice(0).map(worker => worker.end()));
  }

  #leastBusy(): SealWorker {
    const idle = this.#workers.find(worker => worker.bodies === 0);
    if (idle !== undefined) return idle;
    if (this.#workers.length < this.#workersMax) {
      const worker = new SealWorker(() => this.#workers.splice(this.#workers.indexOf(worker) >>> 0, 1));
      this.#workers.push(worker);
      return worker;
    }
    return this.#workers.reduce((least, worker) => (worker.bodies < least.bodies ? worker : least));
  }
}

function sealHere(options: BodySealOptions): Sealing {
  const seal = new BodySeal(options);
  return {
    async seal(batch, isLast) {
      seal.seal(batch, isLast);
      return { stored: batch, digests: isLast ? seal.finish() : undefined };
    },
    drop() {},
  };
}

/** Batches of one body that the worker has, in order. */
type Waiting = PromiseWithResolvers<Sealed>[];

class SealWorker {
  readonly #worker = new Worker(new URL('./seal-worker.ts', import.meta.url), { name: 'seal' });
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(onEnd: () => void) {
    const ended = (error: Error) => {
      onEnd();
      for (const body of [...this.#waiting.keys()]) this.#fail(body, error);
    };
    this.#worker.on('message', (message: FromSealWorker) => this.#receive(message));
    this.#worker.on('error', ended);
    this.#worker.on('exit', () => ended(new Error('the worker that seals bodies has ended')));
    // Idle, it does not keep the process alive.
    this.#worker.unref();
  }

  get bodies(): number {
    return this.#waiting.size;
  }

  begin({ id, dataKey, wants }: BodySealOptions): Sealing {
    const body = this.#count++;
    const waiting: Waiting = [];
    // A view would be copied with all that lies behind it.
    let begin: BodySealOptions | undefined = { id, dataKey: Uint8Array.from(dataKey), wants };
    if (this.#waiting.size === 0) this.#worker.ref();
    this.#waiting.set(body, waiting);
    return {
      seal: (batch, isLast) => {
        if (!this.#waiting.has(body)) return Promise.reject(new Error('the body was given up'));
        const sealed = Promise.withResolvers<Sealed>();
        waiting.push(sealed);
        const buffer = batch.buffer as ArrayBuffer;
        const message: ToSealWorker = { body, ...(begin && { begin }), job: { batch: buffer, isLast } };
        begin = undefined;
        this.#worker.postMessage(message, [buffer]);
        return sealed.promise;
      },
      drop: () => {
        if (!this.#waiting.has(body)) return;
        this.#worker.postMessage({ body } satisfies ToSealWorker);
        this.#fail(body, new Error('the body was given up'));
      },
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive({ body, batch, digests, error }: FromSealWorker): void {
    if (batch === undefined) return this.#fail(body, new Error(error ?? 'a worker answers nothing'));
    const sealed = this.#waiting.get(body)?.shift();
    if (digests !== undefined) this.#forget(body);
    sealed?.resolve({ stored: Buffer.from(batch), digests: digests && buffers(digests) });
  }

  #fail(body: number, error: Error): void {
    const waiting = this.#waiting.get(body) ?? [];
    this.#forget(body);
    for (const { promise, reject } of waiting) {
      promise.catch(() => {});
      reject(error);
    }
  }

  #forget(body: number): void {
    if (this.#waiting.delete(body) && this.#waiting.size === 0) this.#worker.unref();
  }
}

const buffers = (digests: NonNullable<FromSealWorker['digests']>): DigestValues =>
  Object.fromEntries(
    Object.entries(digests).map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      Buffer.from(buffer, byteOffset, byteLength),
    ]),
  );
