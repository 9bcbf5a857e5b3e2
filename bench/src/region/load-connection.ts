/**
 * One connection of the load generator: sends a request, waits for its answer, sends the next. Reads into one buffer
 * and looks at no more of the answer than its status, its length and a marker, so that most of the CPU is left to the
 * servers. A connection that is closed is opened again.
 */
import { connect, type Socket } from 'node:net';

export interface LoadConnectionOptions {
  readonly port: number;
  readonly marker: string;
  /** The next request; undefined when there is nothing left to send. */
  readonly next: () => Buffer | undefined;
  readonly onAnswer: (sentAt: number, problem: string | undefined) => void;
}

const BUFFER_BYTES = 64 * 1024;
const RECONNECT_MS = 50;

export class LoadConnection {
  readonly #options: LoadConnectionOptions;
  #socket!: Socket;
  #text = '';
  #sentAt = 0;
  #waiting = false;
  #closed = false;

  constructor(options: LoadConnectionOptions) {
    this.#options = options;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #open(): void {
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    const socket = connect({
      port: this.#options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback: byteCount => {
          this.#read(buffer.toString('latin1', 0, byteCount));
          return true;
        },
      },
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
    if (request === undefined || this.#closed) return;
    this.#waiting = true;
    this.#sentAt = performance.now();
    this.#socket.write(request);
  }

  #read(chunk: string): void {
    this.#text = this.#text === '' ? chunk : this.#text + chunk;
    const text = this.#text;
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = CONTENT_LENGTH.exec(text);
    if (length === null || text.length < headEnd + 4 + Number(length[1])) return;
    this.#text = '';
    const good = text.startsWith('HTTP/1.1 200') && text.includes(this.#options.marker, headEnd);
    this.#answered(good ? undefined : text.slice(0, 600));
    // moto ends its connections after each answer: that must not cost it more than it has to.
    if (CONNECTION_CLOSE.test(text)) this.#openNext();
    else this.#send();
  }

  #answered(problem: string | undefined): void {
    this.#waiting = false;
    this.#options.onAnswer(this.#sentAt, problem);
  }

  #openNext(): void {
    const last = this.#socket;
    if (!this.#closed) this.#open();
    last.destroy();
  }

  #onClosed(socket: Socket): void {
    if (this.#closed || socket !== this.#socket) return;
    if (this.#waiting) this.#answered('the connection was closed before the answer came');
    this.#text = '';
    setTimeout(() => this.#closed || this.#open(), RECONNECT_MS);
  }
}

const CONTENT_LENGTH = /content-length: *(\d+)/i;
const CONNECTION_CLOSE = /\r\nconnection: *close\r\n/i;
