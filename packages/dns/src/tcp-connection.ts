/**
 * One client over TCP (RFC 7766): queries behind their lengths, as many as come, answered as soon as each is ready.
 * Whoever sends nothing whole for a while, sends too much, or does not read, is cut off.
 */
import type { Socket } from 'node:net';
import type { Clock } from '@stormglass/base';
import { QUERY_BYTES_MAX } from './query.ts';
import type { Resolver } from './resolver.ts';

/** Queries of one connection that may wait for an upstream; more are read when one of them is done. */
const WAITING_MAX = 32;
/** Answers that may wait for a client to read them, in bytes. */
const UNREAD_BYTES_MAX = 256 * 1024;

export class TcpConnection {
  readonly #socket: Socket;
  readonly #resolver: Resolver;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #address: string;
  #received: Buffer = Buffer.alloc(0);
  #waiting = 0;
  #clientEnded = false;
  #cancelIdle = () => {};

  constructor(socket: Socket, resolver: Resolver, clock: Clock, idleMs: number) {
    this.#socket = socket;
    this.#resolver = resolver;
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#address = socket.remoteAddress ?? '';
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    socket.on('drain', () => this.#read());
    socket.on('end', () => {
      this.#clientEnded = true;
      this.#read();
    });
    // A client that resets its connection is no news; `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#cancelIdle());
    this.#restartIdle();
  }

  /** Cuts the connection off. */
  close(): void {
    this.#socket.destroy();
  }

  get #isBusy(): boolean {
    return this.#waiting >= WAITING_MAX || this.#socket.writableLength > UNREAD_BYTES_MAX;
  }

  #read(): void {
    while (!this.#isBusy && this.#received.length >= 2) {
      const length = this.#received.readUInt16BE(0);
      if (length > QUERY_BYTES_MAX) return this.close();
      if (this.#received.length < 2 + length) break;
      const packet = this.#received.subarray(2, 2 + length);
      this.#received = this.#received.subarray(2 + length);
      this.#restartIdle();
      this.#answer(packet);
    }
    if (this.#isBusy) this.#socket.pause();
    else if (this.#clientEnded && this.#waiting === 0) this.#socket.end();
    else this.#socket.resume();
  }

  #answer(packet: Buffer): void {
    const answer = this.#resolver.handle(packet, { address: this.#address, transport: 'tcp' });
    if (!(answer instanceof Promise)) return this.#send(answer);
    this.#waiting++;
    void answer.then(bytes => {
      this.#waiting--;
      this.#send(bytes);
      this.#read();
    });
  }

  #send(answer: Buffer | undefined): void {
    if (answer === undefined || this.#socket.destroyed) return;
    const frame = Buffer.allocUnsafe(2 + answer.length);
    frame.writeUInt16BE(answer.length);
    frame.set(answer, 2);
    this.#socket.write(frame);
  }

  #restartIdle(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.after(this.#idleMs, () => this.close());
  }
}
