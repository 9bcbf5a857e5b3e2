/**
 * Bodies of a service with streaming operations, as they are meant: aws-chunked taken off, chunks verified while they
 * pass, lengths compared. Nothing is read before somebody asks for the first piece.
 */
import { hash } from 'node:crypto';
import {
  AwsChunkedDecoder,
  AwsError,
  headerText,
  isAwsChunked,
  payloadMismatch,
  type Verified,
} from '@stormglass/aws-wire';
import type { RequestHead } from './operation.ts';
import type { RequestBody, RequestStream } from './request-stream.ts';

/** What the signature says about the body; of an unsigned request, what its header says. */
export type Payload = Pick<Verified, 'payloadHash' | 'chunks'>;

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
        chunks: { [Symbol.asyncIterator]: () => body.stream()[Symbol.asyncIterator]() },
        length: body.length,
        trailers: () => NO_TRAILERS,
        sha256: HEX_SHA256.test(payload.payloadHash) ? payload.payloadHash : undefined,
      };

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
  const decoding = new Decoding(head, payload);
  const parts = decoding.take(sent);
  return { bytes: Buffer.concat(parts), trailers: decoding.end() };
}

class ChunkedStream implements RequestStream {
  readonly sha256 = undefined;
  readonly #body: RequestBody;
  readonly #decoding: Decoding;
  #trailers = NO_TRAILERS;

  constructor(head: RequestHead, body: RequestBody, payload: Payload) {
    this.#body = body;
    this.#decoding = new Decoding(head, payload);
  }

  get length(): number | undefined {
    return this.#decoding.announced;
  }

  get chunks(): AsyncIterable<Buffer> {
    return this.#decode();
  }

  trailers(): ReadonlyMap<string, string> {
    return this.#trailers;
  }

  async *#decode(): AsyncGenerator<Buffer> {
    for await (const piece of this.#body.stream()) yield* this.#decoding.take(piece);
    this.#trailers = this.#decoding.end();
  }
}

/** Takes the coding off, and holds the body to the length and the trailers that its head announced. */
class Decoding {
  readonly announced: number | undefined;
  readonly #decoder: AwsChunkedDecoder;
  readonly #promised: readonly string[];
  #length = 0;

  constructor({ headers }: RequestHead, payload: Payload) {
    const length = headerText(headers, 'x-amz-decoded-content-length');
    this.announced = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
    this.#promised = (headerText(headers, 'x-amz-trailer') ?? '').split(',').map(name => name.trim().toLowerCase());
    this.#decoder = new AwsChunkedDecoder(payload);
  }

  take(piece: Buffer): readonly Buffer[] {
    const data: Buffer[] = [];
    this.#decoder.push(piece, part => {
      this.#length += part.length;
      data.push(part);
    });
    if (this.announced !== undefined && this.#length > this.announced) throw wrongLength();
    return data;
  }

  end(): ReadonlyMap<string, string> {
    const { trailers } = this.#decoder.end();
    if (this.announced !== undefined && this.#length !== this.announced) throw wrongLength();
    if (this.#promised.some(name => name !== '' && !trailers.has(name))) throw malformedTrailer();
    return trailers;
  }
}

const wrongLength = (): AwsError =>
  new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
  );

const malformedTrailer = (): AwsError =>
  new AwsError(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );

const messageTooLong = (maxBytes: number): AwsError =>
  new AwsError('MaxMessageLengthExceeded', 400, 'Your request was too large.', { MaxMessageLengthBytes: maxBytes });
