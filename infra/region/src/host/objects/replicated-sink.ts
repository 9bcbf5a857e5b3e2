/**
 * One blob on its way to several zones at once. The body comes as fast as this zone's disk and the quickest of the other
 * zones take it; another one may fall behind by a window and for a while, and then goes without: it fetches its copy
 * later. It is durable when it is on this zone's disk and on that of at least one other.
 */
import type { Clock } from '@stormglass/base';
import type { BlobSink } from '@stormglass/blob-store';
import { keepChunk } from './kept-chunks.ts';
import type { StreamUpload } from './stream-call.ts';
import { WINDOW_BYTES } from './stream-call.ts';

/** Too few zones have the blob, or say that they have. */
export class TooFewCopies extends Error {
  override readonly name = 'TooFewCopies';
}

export interface ReplicatedSinkOptions {
  readonly id: string;
  /** This zone's disk; undefined where the blob is not to be here. */
  readonly local: BlobSink | undefined;
  readonly peers: readonly { readonly zone: string; readonly upload: StreamUpload }[];
  /** How many of the peers must have it. */
  readonly needed: number;
  readonly clock: Clock;
  /** A copy will be missing. */
  readonly onLost: (zone: string, error: Error) => void;
  /** Nothing is written here any more. */
  readonly onLanded?: () => void;
}

type Peer = ReplicatedSinkOptions['peers'][number];

/** What one upload waits for a zone that is slower than another, in all. */
const LAG_MS = 1500;
/** A disk may take its time with what it was given: so long, and a second more for each of so many bytes. */
const SYNC_MS = 10_000;
const SYNC_BYTES_PER_MS = 20_000;
/** A blob that is not named by the log so long after its last byte may be collected, and is refused before. */
export const COMMIT_MS_MAX = 60_000;

export class ReplicatedSink implements BlobSink {
  readonly #options: ReplicatedSinkOptions;
  #live: readonly Peer[];
  #lagLeft = LAG_MS;
  #bytes = 0;
  #mayBeStored = false;
  #isCommitted = false;
  #isLanded = false;

  constructor(options: ReplicatedSinkOptions) {
    this.#options = options;
    this.#live = options.peers;
  }

  get id(): string {
    return this.#options.id;
  }

  /** Some zone may have all of it. */
  get mayBeStored(): boolean {
    return this.#mayBeStored;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length;
    if (this.#live.length > 0) {
      // The writer uses its buffer again when this is settled (`BlobSink`), and another zone may still lag behind.
      const { bytes, left } = keepChunk(chunk, this.#live.length);
      for (const { upload } of this.#live) upload.write(bytes, left);
    }
    await this.#options.local?.write(chunk);
    await this.#pace();
  }

  commit(): Promise<void> {
    return this.#commit().finally(() => this.#land());
  }

  async abort(): Promise<void> {
    if (this.#isCommitted) return;
    for (const { upload } of this.#live) upload.fail(new Error('given up'));
    await this.#options.local?.abort();
    this.#land();
  }

  #land(): void {
    if (!this.#isLanded) this.#options.onLanded?.();
    this.#isLanded = true;
  }

  async #commit(): Promise<void> {
    const { local, clock, needed } = this.#options;
    const startedAt = clock.monotonic();
    this.#mayBeStored = true;
    for (const { upload } of this.#live) upload.end(SYNC_MS + this.#bytes / SYNC_BYTES_PER_MS);
    const stored = this.#live.map(peer => this.#stored(peer));
    const enough = quorumOf(stored, needed);
    // Whichever fails first, the other is not left unheard.
    enough.catch(() => {});
    await local?.commit();
    await enough;
    this.#isCommitted = true;
    if (clock.monotonic() - startedAt > COMMIT_MS_MAX) throw new TooFewCopies('the zones took too long');
  }

  /** Waits until the zones that count have room. */
  async #pace(): Promise<void> {
    const { needed, clock } = this.#options;
    for (;;) {
      this.#forgetFailed();
      if (this.#live.length < needed) throw new TooFewCopies('too few zones can be reached');
      const full = this.#live.filter(({ upload }) => upload.waitingBytes > WINDOW_BYTES);
      if (full.length === 0) return;
      const isEnough = this.#live.length - full.length >= Math.max(1, needed);
      if (!isEnough) {
        await Promise.race(full.map(({ upload }) => upload.room()));
        continue;
      }
      const waitedFrom = clock.monotonic();
      await within(clock, this.#lagLeft, Promise.race(full.map(({ upload }) => upload.room())));
      this.#lagLeft -= clock.monotonic() - waitedFrom;
      if (this.#lagLeft <= 0) for (const { upload } of full) upload.fail(new Error('it lags behind'));
    }
  }

  #forgetFailed(): void {
    for (const { zone, upload } of this.#live) {
      if (!upload.isOver) continue;
      // Whoever answers before the end has refused.
      const lost = (error: Error) => this.#options.onLost(zone, error);
      upload.answer.then(({ status, text }) => lost(new Error(`it answers ${status} ${text}`)), lost);
    }
    this.#live = this.#live.filter(({ upload }) => !upload.isOver);
  }

  async #stored({ zone, upload }: Peer): Promise<void> {
    try {
      const { status, text } = await upload.answer;
      if (status !== 201) throw new Error(`it answers ${status} ${text}`);
    } catch (error) {
      this.#options.onLost(zone, error as Error);
      throw error;
    }
  }
}

/** @throws TooFewCopies when so many cannot be had any more */
async function quorumOf(stored: readonly Promise<void>[], needed: number): Promise<void> {
  if (needed === 0) return;
  await new Promise<void>((resolve, reject) => {
    let done = 0;
    let failed = 0;
    const fail = (cause: unknown) => {
      if (++failed > stored.length - needed) reject(new TooFewCopies('too few zones have stored it', { cause }));
    };
    if (stored.length < needed) reject(new TooFewCopies('too few zones can be reached'));
    for (const each of stored) {
      each.then(() => {
        if (++done === needed) resolve();
      }, fail);
    }
  });
}

/** Resolves when the promise does, or after `ms`. */
async function within(clock: Clock, ms: number, promise: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(Math.max(0, ms), late.resolve);
  await Promise.race([promise, late.promise]);
  cancel();
}
