/**
 * Bodies of a service with streaming operations, as they are meant: aws-chunked taken off, chunks verified while they
 * pass, lengths compared. Nothing is read before somebody asks for the first piece.
 */
import { hash } from 'node:crypto';
import {
  AwsChunkedDecoder,
  AwsError,
  decodeChunkedBody,
  headerText,
  isAwsChunked,
  type Payload,
  payloadMismatch,
} from '@stormglass/aws-wire';
import type { RequestHead } from './operation.ts';
import type { RequestBody, RequestStream } from './request-stream.ts';

const SHORT_BYTES_MAX = 16 * 1024;
const HEX_SHA256 = /^[0-9a-f]{64}$/;
const NO_TRAILERS: ReadonlyMap<string, string> = new Map();

/** The payload of a request that nobody signed. */
export function unsignedPayload({ headers }: RequestHead): Payload {
  const payloadHash = headerText(headers, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  // There is nothing that the signature of a chunk could continue.
  if (payloadHash.startsWith('STREAMING-AWS4')) throw new AwsError('AccessDenied', 403, 'Access Denied');
  return { payloadHash, chunks: undefined };
}

export const decodedStream = (head: RequestHead, body: RequestBody, payload: Payload): RequestStream =>
  isAwsChunked(payload)
    ? new ChunkedStream(head, body, payload)
    : {
        chunks: { [Symbol.asyncIterator]: () => piecesOf(body) },
        length: body.length,
        trailers: () => NO_TRAILERS,
        sha256: HEX_SHA256.test(payload.payloadHash) ? payload.payloadHash : undefined,
      };

/** Short bodies come whole: that is one wait, where a stream waits for each piece and for its end. */
const piecesOf = (body: RequestBody): AsyncIterator<Buffer> =>
  body.length !== undefined && body.length <= SHORT_BYTES_MAX ? whole(body) : body.stream()[Symbol.asyncIterator]();

async function* whole(body: RequestBody): AsyncGenerator<Buffer> {
  yield await body.whole();
}

export interface WholeBody {
  readonly bytes: Buffer;
  readonly trailers: ReadonlyMap<string, string>;
}

/** @throws AwsError when it is too large, too slow, broken, or not the one that was signed */
export async function decodedWhole(
  head: RequestHead,
  body: RequestBody,
  payload: Payload,
  maxBytes: number | undefined,
): Promise<WholeBody> {
  if (maxBytes !== undefined && body.length !== undefined && body.length > maxBytes) throw messageTooLong(maxBytes);
  const sent = await body.whole(maxBytes);
  if (!isAwsChunked(payload)) {
    const { payloadHash } = payload;
    const actual = HEX_SHA256.test(payloadHash) ? hash('sha256', sent) : payloadHash;
    if (actual !== payloadHash) throw payloadMismatch(payloadHash, actual);
    return { bytes: sent, trailers: NO_TRAILERS };
  }
  const { body: bytes, trailers } = decodeChunkedBody({ ...head, body: sent }, payload);
  return { bytes, trailers };
}

class ChunkedStream implements RequestStream {
  readonly sha256 = undefined;
  readonly length: number | undefined;
  readonly chunks: AsyncIterable<Buffer>;
  #trailers = NO_TRAILERS;

  constructor(head: RequestHead, body: RequestBody, payload: Payload) {
    const decoder = new AwsChunkedDecoder(head, payload);
    this.length = decoder.announced;
    this.chunks = { [Symbol.asyncIterator]: () => this.#decode(body, decoder) };
  }

  trailers(): ReadonlyMap<string, string> {
    return this.#trailers;
  }

  async *#decode(body: RequestBody, decoder: AwsChunkedDecoder): AsyncGenerator<Buffer> {
    for await (const piece of body.stream()) {
      const data: Buffer[] = [];
      decoder.push(piece, part => data.push(part));
      yield* data;
    }
    this.#trailers = decoder.end();
  }
}

const messageTooLong = (maxBytes: number): AwsError =>
  new AwsError('MaxMessageLengthExceeded', 400, 'Your request was too large.', { MaxMessageLengthBytes: maxBytes });
