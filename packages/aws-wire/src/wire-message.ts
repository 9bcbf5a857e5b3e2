/** Requests and responses as plain values: what the wire layer sees of HTTP. Sockets, servers and timers stay outside. */
import type { IncomingHttpHeaders } from 'node:http';

export interface WireRequest {
  readonly method: string;
  /** Path as it stood in the request line: still percent-encoded, without the query. */
  readonly path: string;
  /** Raw query string without the question mark; empty when there is none. */
  readonly query: string;
  /** Lower-case names, as Node gives them. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as received. When given, repeated `authorization` headers are noticed. */
  readonly rawHeaders?: readonly string[];
  /** The whole body; empty when the operation takes its body from `stream`. */
  readonly body: Buffer;
  /** The body of an operation with a streaming payload (S3 PutObject). */
  readonly stream?: AsyncIterable<Uint8Array>;
  /** S3 only: the bucket of a virtual-hosted request (`bucket.s3.example`); without it the path names the bucket. */
  readonly hostBucket?: string;
}

export interface WireResponse {
  readonly status: number;
  /** Lower-case names. `content-length` is left to the sender, who knows whether a body goes out at all. */
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

export const EMPTY_BODY: Buffer = Buffer.alloc(0);

/** The value of a header as one string; Node gives a list only for `set-cookie`. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}
