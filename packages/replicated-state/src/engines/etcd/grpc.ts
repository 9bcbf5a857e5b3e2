/**
 * gRPC to one server over Node's own HTTP/2: unary calls with a deadline, and streams in both directions. Knows framing
 * and status codes; nothing of etcd.
 */
import { Buffer } from 'node:buffer';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Cancel, Clock } from '@stormglass/base';
import type { CurrentTls } from '../client-tls.ts';

/** A call failed. `sent` is false when the request certainly never reached the server. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly code: number;
  readonly sent: boolean;
  constructor(code: number, message: string, sent: boolean) {
    super(message);
    this.code = code;
    this.sent = sent;
  }
}

export const GRPC = { invalidArgument: 3, deadlineExceeded: 4, resourceExhausted: 8, unavailable: 14 } as const;

export interface ServerStream {
  /** Sends one more message to the server. */
  write(message: Buffer): void;
  /** Resolves when the server has ended the stream or `close` was called; never rejects. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Large enough that a catching-up watch is not slowed down by flow control. */
const WINDOW_BYTES = 8 << 20;
const PREFIX_BYTES = 5;

export class GrpcChannel {
  readonly endpoint: string;
  readonly #clock: Clock;
  readonly #tls: CurrentTls | undefined;
  #session: ClientHttp2Session | undefined;

  /** `tls`: for endpoints of `https:`. */
  constructor(endpoint: string, clock: Clock, tls?: CurrentTls) {
    this.endpoint = endpoint;
    this.#tls = tls;
    this.#clock = clock;
  }

  /** @throws GrpcError */
  unary(path: string, request: Buffer, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const call = this.#call(path);
      let answer: Buffer | undefined;
      const settle = (error?: GrpcError) => {
        cancel();
        if (error) reject(error);
        else if (answer) resolve(answer);
        else reject(new GrpcError(GRPC.unavailable, 'the call ended without an answer', true));
      };
      const cancel = this.#clock.after(timeoutMs, () => {
        settle(new GrpcError(GRPC.deadlineExceeded, `no answer within ${timeoutMs} ms`, call.mayBeSent()));
        call.stream.close(constants.NGHTTP2_CANCEL);
      });
      call.onMessage = message => {
        answer = message;
      };
      call.onEnd = settle;
      call.stream.end(frame(request));
    });
  }

  /** Opens a stream; `onMessage` gets every message of the server. */
  stream(path: string, headers: Readonly<Record<string, string>>, onMessage: (message: Buffer) => void): ServerStream {
    const call = this.#call(path, headers);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    call.onMessage = onMessage;
    call.onEnd = () => resolve();
    return {
      ended,
      write: message => void call.stream.write(frame(message)),
      close() {
        call.onMessage = () => {};
        call.stream.close(constants.NGHTTP2_CANCEL);
        resolve();
      },
    };
  }

  /** True when the server's HTTP/2 layer answers; a stopped or cut-off server does not. */
  alive(timeoutMs: number): Promise<boolean> {
    const session = this.#session;
    if (!session || session.destroyed || session.connecting) return Promise.resolve(false);
    return new Promise(resolve => {
      const cancel: Cancel = this.#clock.after(timeoutMs, () => resolve(false));
      session.ping(error => {
        cancel();
        resolve(!error);
      });
    });
  }

  /** Drops the connection; the next call makes a new one. */
  reset(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  #connected(): ClientHttp2Session {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(this.endpoint, { ...this.#tls?.(), settings: { initialWindowSize: WINDOW_BYTES } });
    session.on('connect', () => {
      // A server may have refused our certificate by now.
      if (!session.destroyed) session.setLocalWindowSize(WINDOW_BYTES);
    });
    // The calls of a failed session report the failure; without a listener the process would end.
    session.on('error', () => {});
    this.#session = session;
    return session;
  }

  #call(path: string, headers: Readonly<Record<string, string>> = {}): Call {
    const session = this.#connected();
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    return new Call(stream, () => !session.connecting);
  }
}

/** One call: takes the server's messages apart and finds out how it ended. */
class Call {
  readonly stream: ClientHttp2Stream;
  onMessage: (message: Buffer) => void = () => {};
  onEnd: (error?: GrpcError) => void = () => {};
  readonly #connectedNow: () => boolean;
  #connected = false;
  #received: Buffer = Buffer.alloc(0);
  #status: number | undefined;
  #statusText = '';
  #failure = '';

  constructor(stream: ClientHttp2Stream, connectedNow: () => boolean) {
    this.stream = stream;
    this.#connectedNow = connectedNow;
    stream.once('ready', () => {
      this.#connected = true;
    });
    stream.on('response', headers => this.#onHeaders(headers));
    stream.on('trailers', headers => this.#onHeaders(headers));
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.on('error', error => {
      this.#failure = error.message;
    });
    stream.on('close', () => this.onEnd(this.#error()));
  }

  /** Whether the request may have left this host: only a connection that was never made rules it out. */
  mayBeSent(): boolean {
    return this.#connected || this.#connectedNow();
  }

  #onHeaders(headers: Readonly<Record<string, unknown>>): void {
    // A call that fails at once carries its status in the first headers instead of the trailers.
    const status = headers['grpc-status'];
    if (status === undefined) return;
    this.#status = Number(status);
    this.#statusText = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  }

  #onData(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let at = 0;
    while (this.#received.length - at >= PREFIX_BYTES) {
      const end = at + PREFIX_BYTES + this.#received.readUInt32BE(at + 1);
      if (end > this.#received.length) break;
      this.onMessage(this.#received.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    this.#received = this.#received.subarray(at);
  }

  #error(): GrpcError | undefined {
    if (this.#status === 0) return undefined;
    if (this.#status !== undefined) return new GrpcError(this.#status, this.#statusText, true);
    return new GrpcError(GRPC.unavailable, this.#failure || 'the connection was lost', this.mayBeSent());
  }
}

/** A gRPC message on the wire: one byte "not compressed", four bytes length, the message. */
function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, PREFIX_BYTES);
  return framed;
}
