/**
 * The bytes of objects over the zones of a region: what is stored is on this zone's disk and on that of another one before
 * anybody hears of it; what is read comes from this zone's disk, or from another zone where it is missing or rotten here.
 */
import { AwsError } from '@stormglass/aws-wire';
import { type Clock, errorStory, type Logger, type Random, systemCode } from '@stormglass/base';
import {
  BlobDamaged,
  type BlobFiles,
  BlobMissing,
  type BlobRef,
  type BodyKey,
  type ObjectBytes,
  type ObjectKeys,
  type ReadOptions,
  type Sealers,
  type StoredBody,
  type StoreOptions,
  storeBody,
} from '@stormglass/blob-store';
import type { BlobPeers } from './blob-peers.ts';
import type { InFlight } from './in-flight.ts';
import { ReplicatedSink, TooFewCopies } from './replicated-sink.ts';
import { frameOf, openStored } from './stored-stream.ts';

export interface ReplicatedBytesOptions {
  readonly zone: string;
  readonly files: BlobFiles;
  readonly keys: ObjectKeys;
  readonly sealers: Sealers;
  readonly peers: Pick<BlobPeers, 'zones' | 'upload' | 'fetch' | 'discard'>;
  readonly inFlight: InFlight;
  /** Whether an object refers to the blob. */
  readonly isNamed: (id: string) => boolean;
  /** The copy here is not there, or rotten. */
  readonly onMissing: (id: string) => void;
  readonly onDamaged: (id: string) => void;
  readonly random: Random;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class ReplicatedBytes implements ObjectBytes {
  readonly #options: ReplicatedBytesOptions;

  constructor(options: ReplicatedBytesOptions) {
    this.#options = options;
  }

  async store(source: AsyncIterable<Uint8Array>, options: StoreOptions): Promise<StoredBody> {
    const { keys, sealers, random, logger } = this.#options;
    const { zone } = options;
    // What belongs to one zone alone does not ride through the log.
    const kept = zone === undefined ? options : { ...options, inlineMax: -1 };
    let sink: ReplicatedSink | undefined;
    const place = async (id: string) => {
      sink = await this.#sink(id, zone);
      return sink;
    };
    try {
      return await storeBody(source, kept, { keys, sealers, random, place });
    } catch (error) {
      if (sink?.mayBeStored) this.#forget(sink.id);
      const known = asAwsError(error);
      if (known === undefined) throw error;
      logger.warn('objects: a body was not stored', { error: errorStory(error) });
      throw known;
    }
  }

  async *read(
    ref: BlobRef,
    key: BodyKey,
    from: number,
    to: number,
    { zone, signal }: ReadOptions = {},
  ): AsyncGenerator<Buffer> {
    const { files, keys, peers, zone: own } = this.#options;
    const dataKey = keys.unwrap(ref.key, ref.id, key);
    let at = from;
    let cause: unknown;
    if (zone === undefined || zone === own) {
      try {
        for await (const chunk of files.read(ref, dataKey, at, to)) {
          at += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        this.#tell(ref.id, error);
        cause = error;
      }
    }
    const others = zone === undefined ? peers.zones : zone === own ? [] : [zone];
    let isUnknown = false;
    for (const other of others) {
      try {
        const stored = await peers.fetch(other, ref.id, signal, frameOf(at));
        if (stored === undefined) continue;
        for await (const chunk of openStored(ref, dataKey, stored, at, to)) {
          at += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (signal?.aborted) throw error;
        isUnknown ||= !(error instanceof BlobDamaged);
        cause = error;
      }
    }
    // A zone that does not answer may have it.
    if (isUnknown) throw unavailable(cause);
    throw new BlobMissing(ref.id, { cause });
  }

  openInline(inline: Uint8Array, key: BodyKey): Buffer {
    return this.#options.keys.openInline(inline, key);
  }

  discard({ ref }: StoredBody): void {
    if (ref !== undefined) this.#forget(ref.id);
  }

  async #sink(id: string, zone: string | undefined): Promise<ReplicatedSink> {
    const { files, peers, clock, inFlight, logger, zone: own } = this.#options;
    const to = zone === undefined ? peers.zones : zone === own ? [] : [zone];
    const landed = inFlight.begin(id);
    try {
      const local = zone === undefined || zone === own ? await files.create(id) : undefined;
      return new ReplicatedSink({
        ...{ id, local, peers: to.map(peer => ({ zone: peer, upload: peers.upload(peer, id) })), clock },
        needed: Math.min(1, to.length),
        onLost: (peer, error) =>
          logger.debug('objects: a zone goes without a copy', { zone: peer, blob: id, error: errorStory(error) }),
        onLanded: landed,
      });
    } catch (error) {
      landed();
      throw error;
    }
  }

  /** Deletes what may have been stored and will never be named; what cannot be deleted now is collected later. */
  #forget(id: string): void {
    const { files, peers, isNamed } = this.#options;
    if (isNamed(id)) return;
    files.delete(id).catch(() => {});
    for (const peer of peers.zones) void peers.discard(peer, id);
  }

  #tell(id: string, error: unknown): void {
    const { onMissing, onDamaged } = this.#options;
    if (error instanceof BlobMissing) onMissing(id);
    else if (error instanceof BlobDamaged) onDamaged(id);
    // A disk that does not read is as good as none.
    else if (systemCode(error) !== undefined) onMissing(id);
    else throw error;
  }
}

const unavailable = (cause: unknown): AwsError =>
  new AwsError('ServiceUnavailable', 503, 'Service is unable to handle request.', undefined, { cause });

/** What the client may try again; undefined for what is none of the zones' fault. */
function asAwsError(error: unknown): AwsError | undefined {
  const code = systemCode(error);
  const isOfDisk = code !== undefined && DISK_ERRORS.has(code);
  return isOfDisk || error instanceof TooFewCopies ? unavailable(error) : undefined;
}

const DISK_ERRORS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE']);
