/**
 * Carries one TCP connection through the faults between two places, byte by byte, both ways: what the sidecars of a
 * region in containers do, and the front door of an embedded one. A half-closed connection stays half open, a sender
 * waits for a slow receiver, and a connection that fails on one side is reset on the other, when word of it arrives.
 */
import type { Socket } from 'node:net';
import type { Clock } from '@stormglass/base';
import { LinkConnection, type LinkRules, type ShapedDirection } from '@stormglass/faults';

export interface CarryOptions {
  /** Accepted, and not read from yet. */
  readonly client: Socket;
  /** Connects, or has done so; called once the opening of the connection has arrived. The answer may be half open. */
  readonly dial: () => Socket;
  readonly from: string;
  readonly to: string;
  readonly rules: LinkRules;
  readonly clock: Clock;
  /** How many bytes may be under way in one direction before its sender has to wait; `WAITING_BYTES_MAX` unless told. */
  readonly waitingBytesMax?: () => number;
  /** Bytes that were read, by direction; kept up to date. */
  readonly counts?: CarriedBytes;
  /** Called once, when both sides are over. */
  readonly onClosed: () => void;
}

export interface CarriedBytes {
  there: number;
  back: number;
}

/** As a TCP window: it bounds what a slow link can pile up here, and what one stream gets over a long one. */
export const WAITING_BYTES_MAX = 4 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

/** A connection on its way. */
export interface Carried {
  /** Whether its opening has arrived, so that the target knows of it. */
  readonly isOpened: boolean;
  /** Resets both sides. */
  breakOff(): void;
}

/** Begins to carry. */
export function carry(options: CarryOptions): Carried {
  const { client, dial, rules, clock, from, to, counts = { there: 0, back: 0 } } = options;
  const waitingBytesMax = options.waitingBytesMax ?? (() => WAITING_BYTES_MAX);
  let server: Socket | undefined;
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    link.close();
    options.onClosed();
  };
  const breakOff = () => {
    finish();
    resetOrClose(client);
    resetOrClose(server);
  };
  const onGone = () => {
    if (client.destroyed && (server === undefined || server.destroyed)) finish();
  };
  const link = new LinkConnection({ rules, clock, from, to, onReset: breakOff });

  const reader = { waitingBytesMax, onGone };
  const there = new Way({ ...reader, source: client, direction: link.there, count: bytes => (counts.there += bytes) });
  client.allowHalfOpen = true;
  link.there.send('open', () => {
    server = dial();
    if (server.connecting) {
      const cancel = clock.after(CONNECT_TIMEOUT_MS, () => server?.destroy(new Error('the target does not answer')));
      server.once('connect', cancel).once('close', cancel);
    }
    there.leadTo(server);
    const back = new Way({ ...reader, source: server, direction: link.back, count: bytes => (counts.back += bytes) });
    back.leadTo(client);
  });
  client.resume();
  return {
    get isOpened() {
      return server !== undefined;
    },
    breakOff,
  };
}

interface WayOptions {
  readonly source: Socket;
  readonly direction: ShapedDirection;
  readonly waitingBytesMax: () => number;
  readonly count: (bytes: number) => void;
  /** The source is no more. */
  readonly onGone: () => void;
}

/** One direction: reads its source and hands what it reads to its target, as the link lets it. */
class Way {
  readonly #source: Socket;
  readonly #direction: ShapedDirection;
  readonly #waitingBytesMax: () => number;
  /** Known before anything arrives, because the opening of a connection arrives first. */
  #target: Socket | undefined;

  constructor({ source, direction, waitingBytesMax, count, onGone }: WayOptions) {
    this.#source = source;
    this.#direction = direction;
    this.#waitingBytesMax = waitingBytesMax;
    source.on('data', (chunk: Buffer) => {
      count(chunk.length);
      this.#pass(chunk);
    });
    source.on('end', () => direction.send('end', () => this.#target?.end()));
    source.on('error', () => {});
    source.on('close', hadError => {
      // An orderly end was passed on above; of any other the target hears what it would hear from a peer that is gone.
      if (hadError || !source.readableEnded) direction.send('end', () => resetOrClose(this.#target));
      onGone();
    });
  }

  leadTo(target: Socket): void {
    this.#target = target;
    target.on('drain', () => this.#readOn());
  }

  #pass(chunk: Buffer): void {
    const direction = this.#direction;
    if (direction.isClear) {
      if (this.#target?.write(chunk) === false) this.#source.pause();
      return;
    }
    direction.send(chunk, () => {
      if (this.#target?.destroyed === false) this.#target.write(chunk);
      this.#readOn();
    });
    if (this.#isFull()) this.#source.pause();
  }

  #readOn(): void {
    if (this.#source.isPaused() && !this.#isFull()) this.#source.resume();
  }

  #isFull(): boolean {
    return this.#target?.writableNeedDrain === true || this.#direction.waitingBytes >= this.#waitingBytesMax();
  }
}

function resetOrClose(socket: Socket | undefined): void {
  if (socket?.connecting) socket.destroy();
  else if (socket?.destroyed === false) socket.resetAndDestroy();
}
