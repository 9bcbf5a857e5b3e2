/**
 * Takes a body in one pass: hashed and encrypted once, and the stored form written to a sink, which may be a file or
 * several places at once. No more than a few batches of it are in memory at a time.
 */
import { hexId, type Random } from '@stormglass/base';
import type { BlobSink } from './blob-files.ts';
import { digestsOf } from './digests/body-digests.ts';
import type { DigestValues } from './digests/digest-name.ts';
import type { StoredBody, StoreOptions } from './object-bytes.ts';
import type { ObjectKeys } from './object-keys.ts';
import { GatheredBody } from './seal/gathered-body.ts';
import type { Sealers, Sealing } from './seal/sealers.ts';
import { BATCH_BYTES, type Slot, type Slots } from './seal/slots.ts';

export interface StoreBodyTools {
  readonly keys: ObjectKeys;
  readonly random: Random;
  readonly sealers: Sealers;
  /** Where a blob goes. */
  readonly place: (id: string) => Promise<BlobSink>;
}

/** Bodies up to so many bytes are sealed on the main thread. */
const SMALL_MAX = 131_072;
/** Batches that are sealed or written while the next one comes in. */
const AHEAD_MAX = 2;

type BodyOptions = Pick<StoreOptions, 'wants' | 'key' | 'inlineMax' | 'signal' | 'check'>;

/**
 * Resolves when the body is stored as the sink understands it, or sealed where it is small.
 * @throws what the source, the sink, the check or the signal throws; nothing is kept then
 */
export async function storeBody(
  source: AsyncIterable<Uint8Array>,
  options: BodyOptions,
  tools: StoreBodyTools,
): Promise<StoredBody> {
  const body = new GatheredBody(source);
  const trouble = new Trouble(options.signal);
  try {
    await trouble.first(body.moreThan(Math.max(options.inlineMax, SMALL_MAX)));
    const isInline = body.isOver && body.bytes <= options.inlineMax;
    return isInline ? sealInline(body, options, tools.keys) : await storeBlob(body, options, tools, trouble);
  } finally {
    trouble.end();
    body.leave();
  }
}

function sealInline(gathered: GatheredBody, { wants, key, check }: BodyOptions, keys: ObjectKeys): StoredBody {
  const body = gathered.takeAll();
  const digests = digestsOf(wants, body);
  check?.({ size: body.length, digests });
  return { ref: undefined, inline: keys.sealInline(body, key), size: body.length, digests };
}

async function storeBlob(
  body: GatheredBody,
  { wants, key, check }: BodyOptions,
  { keys, random, sealers, place }: StoreBodyTools,
  trouble: Trouble,
): Promise<StoredBody> {
  const id = hexId(random, 16);
  const dataKey = keys.newDataKey();
  const sealing = sealers.begin({ id, dataKey, wants }, body.isOver && body.bytes <= SMALL_MAX);
  let sink: BlobSink | undefined;
  try {
    sink = await place(id);
    const { size, digests } = await new SealedWriter(sealing, sealers.slots, sink, trouble).writeAll(body);
    check?.({ size, digests });
    trouble.throwIfFound();
    await sink.commit();
    return { ref: { id, size, key: keys.wrap(dataKey, id, key) }, inline: undefined, size, digests };
  } catch (error) {
    sealing.drop();
    await sink?.abort();
    throw error;
  }
}

/** Seals batches and writes them, while the next ones come in. */
class SealedWriter {
  readonly #sealing: Sealing;
  readonly #slots: Slots;
  readonly #sink: BlobSink;
  readonly #trouble: Trouble;
  #digests: DigestValues | undefined;

  constructor(sealing: Sealing, slots: Slots, sink: BlobSink, trouble: Trouble) {
    this.#sealing = sealing;
    this.#slots = slots;
    this.#sink = sink;
    this.#trouble = trouble;
  }

  async writeAll(body: GatheredBody): Promise<{ readonly size: number; readonly digests: DigestValues }> {
    let size = 0;
    let last: Promise<void> = Promise.resolve();
    const ahead: Promise<void>[] = [];
    for (let isLast = false; !isLast; ) {
      await this.#trouble.first(body.moreThan(BATCH_BYTES));
      isLast = body.isOver && body.bytes <= BATCH_BYTES;
      const bytes = Math.min(body.bytes, BATCH_BYTES);
      last = this.#write(body, bytes, isLast, await this.#slots.take(), last);
      last.catch(error => this.#trouble.found(error));
      size += bytes;
      ahead.push(last);
      if (ahead.length > AHEAD_MAX) await this.#trouble.first(ahead.shift()!);
    }
    await this.#trouble.first(last);
    return { size, digests: this.#digests! };
  }

  /** One batch, behind the one `before` it. Its slot is given back when nobody can touch it any more. */
  async #write(body: GatheredBody, bytes: number, isLast: boolean, slot: Slot, before: Promise<void>): Promise<void> {
    try {
      this.#trouble.throwIfFound();
      const storedBytes = body.takeFrames(bytes, slot.buffer);
      this.#digests = await this.#sealing.seal(slot, storedBytes, isLast);
      await before;
      this.#trouble.throwIfFound();
      await this.#sink.write(slot.buffer.subarray(0, storedBytes));
    } finally {
      this.#slots.giveBack(slot);
    }
  }
}

/** What ends the work from elsewhere, while it waits for something. */
class Trouble {
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.found(this.#signal?.reason);
  #reason: { readonly error: unknown } | undefined;
  /** Ends the wait that is under way. */
  #reject: (error: unknown) => void = () => {};

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The first of it counts. */
  found(error: unknown): void {
    this.#reason ??= { error };
    this.#reject(this.#reason.error);
  }

  throwIfFound(): void {
    if (this.#reason !== undefined) throw this.#reason.error;
  }

  /**
   * What is waited for, unless there is trouble first. One wait at a time: `Promise.race` would keep each of them for as
   * long as the body comes.
   */
  first<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
      if (this.#reason !== undefined) reject(this.#reason.error);
    });
  }

  end(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
