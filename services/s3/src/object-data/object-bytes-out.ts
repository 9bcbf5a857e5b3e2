/** The bytes of an object on their way out: the pieces it consists of, one after the other, as one stream. */
import { BlobDamaged, BlobMissing, type BodyKey } from '@stormglass/blob-store';
import type { Bucket, ObjectVersion, Piece } from '@stormglass/object-index';
import type { S3Deps } from '../deps.ts';
import { s3Error } from '../errors.ts';
import type { ByteRange } from '../ranges.ts';

export interface BytesToRead {
  readonly version: ObjectVersion;
  readonly bucket: Pick<Bucket, 'zone'>;
  readonly key: BodyKey;
  readonly range: ByteRange;
}

/**
 * Begins to read, so that what cannot be read is refused before anything is answered; bytes in the log come at once.
 * @throws AwsError ServiceUnavailable when no zone within reach has the bytes
 */
export async function readBytes(deps: S3Deps, asked: BytesToRead): Promise<AsyncIterable<Uint8Array> | Uint8Array> {
  const { version, range, key } = asked;
  if (range.from === range.to) return NOTHING;
  // All of them now: the object may be replaced while it is read, and its bytes stay for a while.
  const pieces = [...deps.index.view.pieces(version, range.from, range.to)];
  const [first] = pieces;
  if (pieces.length === 1 && first?.inline !== undefined) return inlineBytes(deps, first, key, range);
  return begun(bytesOf(deps, pieces, asked));
}

async function* bytesOf(
  deps: S3Deps,
  pieces: readonly Piece[],
  { bucket: { zone }, key, range }: BytesToRead,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.blob === undefined) {
      yield inlineBytes(deps, piece, key, range);
      continue;
    }
    const { from, to } = within(piece, range);
    try {
      yield* deps.bytes.read(piece.blob, key, from, to, zone === undefined ? {} : { zone });
    } catch (error) {
      throw outOfReach(deps, error);
    }
  }
}

function inlineBytes(deps: S3Deps, piece: Piece, key: BodyKey, range: ByteRange): Uint8Array {
  const { from, to } = within(piece, range);
  try {
    return deps.bytes.openInline(piece.inline!, key).subarray(from, to);
  } catch (error) {
    throw outOfReach(deps, error);
  }
}

/** The part of a piece that lies in the range, counted from the piece's own begin. */
const within = ({ offset, size }: Piece, { from, to }: ByteRange): ByteRange => ({
  from: Math.max(0, from - offset),
  to: Math.min(size, to - offset),
});

function outOfReach({ logger }: S3Deps, error: unknown): unknown {
  if (!(error instanceof BlobMissing || error instanceof BlobDamaged)) return error;
  logger.warn('bytes of an object are out of reach', { blob: error.id, reason: error.message });
  return s3Error('ServiceUnavailable');
}

/** The same bytes, the first of them drawn already. Who never asks for them still ends them by `return`. */
async function begun(chunks: AsyncGenerator<Uint8Array>): Promise<AsyncIterableIterator<Uint8Array>> {
  let first: IteratorResult<Uint8Array> | undefined = await chunks.next();
  const whole: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => whole,
    async next() {
      const drawn = first;
      first = undefined;
      return drawn ?? chunks.next();
    },
    return: () => chunks.return(undefined),
  };
  return whole;
}

const NOTHING = Buffer.alloc(0);
