/** A worker thread as the main thread sees it. */
import { Worker } from 'node:worker_threads';
import type { DigestName, DigestValues } from '../digests/digest-name.ts';
import type { BodySealOptions } from './body-seal.ts';
import type { FromSealWorker, ToSealWorker } from './seal-messages.ts';
import type { Sealing } from './sealers.ts';

interface Body {
  /** Batches that the worker has, in order. */
  readonly waiting: PromiseWithResolvers<DigestValues | undefined>[];
  isGivenUp: boolean;
}

export class SealThread {
  readonly #worker: Worker;
  readonly #bodies = new Map<number, Body>();
  #count = 0;

  /** `onEnd` is called, perhaps twice, when there is no worker any more. */
  constructor(memory: SharedArrayBuffer, onEnd: () => void) {
    this.#worker = new Worker(new URL('./seal-worker.ts', import.meta.url), { name: 'seal', workerData: memory });
    let reason = new Error('the worker that seals bodies has ended');
    this.#worker.on('message', (message: FromSealWorker) => this.#sealed(message));
    this.#worker.on('error', (error: Error) => {
      reason = error;
      onEnd();
    });
    // Only now is it sure that nobody writes to the slots.
    this.#worker.on('exit', () => {
      onEnd();
      for (const [id, { waiting }] of [...this.#bodies]) {
        this.#forget(id);
        for (const { reject } of waiting) reject(reason);
      }
    });
    // Idle, it does not keep the process alive.
    this.#worker.unref();
  }

  get bodies(): number {
    return this.#bodies.size;
  }

  begin({ id, dataKey, wants }: BodySealOptions): Sealing {
    const number = this.#count++;
    const body: Body = { waiting: [], isGivenUp: false };
    // A view would be copied with all that lies behind it.
    let begin: BodySealOptions | undefined = { id, dataKey: Uint8Array.from(dataKey), wants };
    this.#hold();
    this.#bodies.set(number, body);
    return {
      seal: (slot, storedBytes, isLast) => {
        if (!this.#bodies.has(number)) return Promise.reject(new Error('the worker that seals bodies has ended'));
        const sealed = Promise.withResolvers<DigestValues | undefined>();
        body.waiting.push(sealed);
        this.#post({
          ...{ kind: 'seal', body: number, ...(begin && { begin }) },
          job: { slot: slot.index, storedBytes, isLast },
        });
        begin = undefined;
        return sealed.promise;
      },
      drop: () => {
        if (!this.#bodies.has(number)) return;
        body.isGivenUp = true;
        this.#post({ kind: 'drop', body: number });
        if (body.waiting.length === 0) this.#forget(number);
      },
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(message: ToSealWorker): void {
    this.#worker.postMessage(message);
  }

  #sealed({ body: number, digests, error }: FromSealWorker): void {
    const body = this.#bodies.get(number);
    const sealed = body?.waiting.shift();
    if (body === undefined || sealed === undefined) return;
    if (digests !== undefined || (body.isGivenUp && body.waiting.length === 0)) this.#forget(number);
    if (error === undefined) sealed.resolve(digests && asBuffers(digests));
    else sealed.reject(new Error(error));
  }

  #forget(number: number): void {
    if (this.#bodies.delete(number)) this.#release();
  }

  /** Busy, it keeps the process alive. */
  #hold(): void {
    if (this.#bodies.size === 0) this.#worker.ref();
  }

  #release(): void {
    if (this.#bodies.size === 0) this.#worker.unref();
  }
}

const asBuffers = (digests: Readonly<Partial<Record<DigestName, Uint8Array>>>): DigestValues =>
  Object.fromEntries(
    Object.entries(digests).map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      Buffer.from(buffer, byteOffset, byteLength),
    ]),
  );
