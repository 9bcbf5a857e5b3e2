/**
 * One connection of the load generator: sends a request, waits for the end of its answer, sends the next. Bodies are
 * counted and dropped, so that most of the CPU is left to the servers. A connection that is closed is opened again.
 */
import { connect, type Socket } from 'node:net';
import type { PreparedRequest } from './object-requests.ts';

export interface ObjectConnectionOptions {
  readonly port: number;
  /** The next request; undefined when there is nothing left to send. */
  readonly next: () => PreparedRequest | undefined;
  readonly onAnswer: (sentAt: number, problem: string | undefined) => void;
}

const BUFFER_BYTES = 256 * 1024;
const RECONNECT_MS = 20;
const LAST_CHUNK = '0\r\n\r\n';

export class ObjectConnection {
  readonly #options: ObjectConnectionOptions;
  #socket!: Socket;
  #head = '';
  /** Bytes of the body still to come; `chunked` until its last chunk; undefined before the head is whole. */
  #left: number | 'chunked' | undefined;
  #tail = '';
  #problem: string | undefined;
  #isLast = false;
  #sentAt = 0;
  #isWaiting = false;
  #isClosed = false;

  constructor(options: ObjectConnectionOptions) {
    this.#options = options;
    this.#open();
  }

  /** There is something to send again. */
  wake(): void {
    if (!this.#isWaiting && this.#socket.readyState === 'open') this.#send();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #open(): void {
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    const callback = (count: number) => {
      this.#read(buffer.subarray(0, count));
      return true;
    };
    const socket = connect({
      port: this.#options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer, callback },
    });
    this.#socket = socket;
    socket.on('connect', () => this.#send());
    socket.on('error', () => {});
    socket.on('close', () => this.#onClosed(socket));
    // Without this the end of the connection would never be noticed.
    socket.resume();
  }

  #send(): void {
    const request = this.#options.next();
    if (request === undefined || this.#isClosed) return;
    this.#isWaiting = true;
    this.#head = '';
    this.#tail = '';
    this.#left = undefined;
    this.#sentAt = performance.now();
    this.#socket.write(request.head);
    if (request.body.length > 0) this.#socket.write(request.body);
  }

  #read(chunk: Buffer): void {
    let body = chunk;
    if (this.#left === undefined) {
      const text = this.#head + chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      this.#head = text;
      if (end === -1) return;
      body = chunk.subarray(chunk.length - (text.length - end - 4));
      this.#begin(text.slice(0, end + 2), text.slice(end + 4, end + 400));
    }
    if (this.#left === 'chunked') {
      this.#tail = (this.#tail + body.toString('latin1', Math.max(0, body.length - 5))).slice(-5);
      if (this.#tail === LAST_CHUNK) this.#done();
    } else {
      this.#left = (this.#left ?? 0) - body.length;
      if (this.#left <= 0) this.#done();
    }
  }

  #begin(head: string, body: string): void {
    this.#problem = head.startsWith('HTTP/1.1 200') ? undefined : `${head}\n${body}`;
    this.#isLast = /\r\nconnection: *close\r\n/i.test(head);
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
    this.#left = length === undefined ? 'chunked' : Number(length);
  }

  #done(): void {
    this.#isWaiting = false;
    this.#options.onAnswer(this.#sentAt, this.#problem);
    // moto ends its connections after each answer: that must not cost it more than it has to.
    if (!this.#isLast) return this.#send();
    const last = this.#socket;
    if (!this.#isClosed) this.#open();
    last.destroy();
  }

  #onClosed(socket: Socket): void {
    if (this.#isClosed || socket !== this.#socket) return;
    if (this.#isWaiting) this.#options.onAnswer(this.#sentAt, 'the connection was closed before the answer came');
    this.#isWaiting = false;
    setTimeout(() => this.#isClosed || this.#open(), RECONNECT_MS);
  }
}
