/**
 * The aws-chunked coding of S3 uploads: sized chunks, each with a signature that continues the one before, and trailing
 * headers. The decoder is fed piece by piece and passes data on without copying it. Data of a signed chunk goes out
 * before its signature has been seen to be right, so whoever stores it must wait for `end` before letting anyone see it.
 */
import { createHash, type Hash, hash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { headerText, type WireRequest } from '../wire-message.ts';
import { signatureMismatch } from './auth-errors.ts';
import { EMPTY_SHA256 } from './canonical-request.ts';
import { equalInConstantTime, hmacHex } from './signing-key.ts';
import type { ChunkSeed, Verified } from './verify.ts';

/** Checks one signature after the other (AWS: "Transferring payload in multiple chunks"). */
class ChunkSignatures {
  readonly #seed: ChunkSeed;
  #previous: string;

  constructor(seed: ChunkSeed) {
    this.#seed = seed;
    this.#previous = seed.signature;
  }

  checkChunk(sha256: string, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY_SHA256}\n${sha256}`, signature);
  }

  checkTrailer(trailer: string, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-TRAILER', hash('sha256', trailer, 'hex'), signature);
  }

  #check(algorithm: string, what: string, signature: string): void {
    const { key, timestamp, scope } = this.#seed;
    const wanted = hmacHex(key, `${algorithm}\n${timestamp}\n${scope}\n${this.#previous}\n${what}`);
    if (!equalInConstantTime(wanted, signature)) throw signatureMismatch('s3');
    this.#previous = wanted;
  }
}

const LINE_LENGTH_MAX = 4096;
const TRAILERS_MAX = 16;
const SIZE_LINE = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/;
const LINE_FEED = 10;

const incomplete = (message: string): AwsError => new AwsError('IncompleteBody', 400, message);

type State = 'size' | 'data' | 'afterData' | 'trailers' | 'done';

/** What the signature says about a body; of an unsigned request, what its header says. */
export type Payload = Pick<Verified, 'payloadHash' | 'chunks'>;

export class AwsChunkedDecoder {
  /** Bytes of data as the request announced them (`x-amz-decoded-content-length`). */
  readonly announced: number | undefined;
  readonly #promised: readonly string[];
  readonly #signatures: ChunkSignatures | undefined;
  readonly #signedTrailer: boolean;
  readonly #trailers = new Map<string, string>();
  #state: State = 'size';
  #left = 0;
  #line = '';
  #signature = '';
  #hash: Hash | undefined;
  #trailerText = '';
  #trailerChecked = false;
  #length = 0;

  /** The payload hash names the variant of the coding. */
  constructor({ headers }: Pick<WireRequest, 'headers'>, { payloadHash, chunks }: Payload) {
    const announced = headerText(headers, 'x-amz-decoded-content-length');
    this.announced = announced !== undefined && /^\d{1,15}$/.test(announced) ? Number(announced) : undefined;
    const promised = headerText(headers, 'x-amz-trailer') ?? '';
    this.#promised = promised.split(',').map(name => name.trim().toLowerCase());
    const signed = payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
    this.#signatures = signed && chunks !== undefined ? new ChunkSignatures(chunks) : undefined;
    this.#signedTrailer = payloadHash === 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
  }

  /** Takes the next piece of the body and gives `emit` the data in it. */
  push(piece: Buffer, emit: (data: Buffer) => void): void {
    let at = 0;
    while (at < piece.length) at = this.#state === 'data' ? this.#data(piece, at, emit) : this.#lineFrom(piece, at);
  }

  /** Ends the body; throws unless it was complete, and what its request announced. Returns what the trailer said. */
  end(): ReadonlyMap<string, string> {
    // Some clients leave out the empty line after the last chunk.
    if (this.#state === 'trailers' && this.#line === '') this.#endTrailers();
    if (this.#state !== 'done') throw incomplete('The request body terminated unexpectedly');
    if (this.announced !== undefined && this.#length !== this.announced) throw wrongLength();
    if (this.#promised.some(name => name !== '' && !this.#trailers.has(name))) throw malformedTrailer();
    return this.#trailers;
  }

  #data(piece: Buffer, at: number, emit: (data: Buffer) => void): number {
    const data = piece.subarray(at, at + this.#left);
    this.#hash?.update(data);
    this.#left -= data.length;
    this.#length += data.length;
    if (this.announced !== undefined && this.#length > this.announced) throw wrongLength();
    emit(data);
    if (this.#left === 0) {
      this.#endChunk();
      this.#state = 'afterData';
    }
    return at + data.length;
  }

  #lineFrom(piece: Buffer, at: number): number {
    if (this.#state === 'done') throw incomplete('There is data after the end of the aws-chunked body');
    const end = piece.indexOf(LINE_FEED, at);
    const stop = end < 0 ? piece.length : end;
    if (this.#line.length + stop - at > LINE_LENGTH_MAX) throw incomplete('A line of the aws-chunked body is too long');
    this.#line += piece.toString('latin1', at, stop);
    if (end < 0) return piece.length;
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    this.#take(line);
    return end + 1;
  }

  #take(line: string): void {
    if (this.#state === 'size') this.#size(line);
    else if (this.#state === 'trailers') this.#trailer(line);
    else {
      if (line !== '') throw incomplete('A chunk holds more data than it announced');
      this.#state = 'size';
    }
  }

  #size(line: string): void {
    const [, size, signature] = SIZE_LINE.exec(line) ?? [];
    if (size === undefined) throw incomplete('A size line of the aws-chunked body is malformed');
    this.#left = Number.parseInt(size, 16);
    this.#signature = signature ?? '';
    this.#hash = this.#signatures && createHash('sha256');
    if (this.#left > 0) this.#state = 'data';
    else {
      this.#endChunk();
      this.#state = 'trailers';
    }
  }

  #endChunk(): void {
    if (this.#hash !== undefined) this.#signatures?.checkChunk(this.#hash.digest('hex'), this.#signature);
    this.#hash = undefined;
  }

  #trailer(line: string): void {
    if (line === '') {
      this.#endTrailers();
      return;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || this.#trailers.size >= TRAILERS_MAX) throw incomplete('The trailer of the body is malformed');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      this.#signatures?.checkTrailer(this.#trailerText, value);
      this.#trailerChecked = true;
      return;
    }
    if (this.#trailerChecked || this.#trailers.has(name)) throw incomplete('The trailer of the body is malformed');
    this.#trailers.set(name, value);
    this.#trailerText += `${name}:${value}\n`;
  }

  #endTrailers(): void {
    if (this.#signedTrailer && !this.#trailerChecked) throw signatureMismatch('s3');
    this.#state = 'done';
  }
}

/** Whether the body of a request is aws-chunked. */
export const isAwsChunked = ({ payloadHash }: Payload): boolean => payloadHash.startsWith('STREAMING-');

export interface DecodedBody {
  readonly body: Buffer;
  readonly trailers: ReadonlyMap<string, string>;
}

/** Decodes a body that is in memory as a whole. */
export function decodeChunkedBody(request: Pick<WireRequest, 'headers' | 'body'>, payload: Payload): DecodedBody {
  const decoder = new AwsChunkedDecoder(request, payload);
  const parts: Buffer[] = [];
  decoder.push(request.body, data => parts.push(data));
  const trailers = decoder.end();
  return { body: Buffer.concat(parts), trailers };
}

const wrongLength = (): AwsError =>
  incomplete('You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header');

const malformedTrailer = (): AwsError =>
  new AwsError(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
