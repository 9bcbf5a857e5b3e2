/**
 * A channel over a socket. `shape` is where the faults of the link between the two places sit; left out, bytes go
 * straight through. Messages of one turn of the event loop leave in one write: under load, most of what a small message
 * costs is its system call.
 */
import type { Socket } from 'node:net';
import type { Clock } from '@stormglass/base';
import { encodeMessage, MessageReader } from './message-codec.ts';
import type { Channel, FromZone, ToZone } from './messages.ts';

/** Lets bytes pass one way, now, later or never. */
export type Shape = (byteCount: number, deliver: () => void) => void;

export interface SocketChannelOptions {
  readonly clock: Pick<Clock, 'soon'>;
  readonly incoming?: Shape;
  readonly outgoing?: Shape;
  readonly onClosed?: () => void;
}

const straight: Shape = (_byteCount, deliver) => deliver();

/** The zone's or the sequencer's end, depending on what it sends. */
export function socketChannel<Out extends FromZone | ToZone, In extends FromZone | ToZone>(
  socket: Socket,
  { clock, incoming = straight, outgoing = straight, onClosed }: SocketChannelOptions,
): Channel<Out, In> {
  let handlers: { message(message: In): void; closed(): void } | undefined;
  let closed = false;
  let waiting: Uint8Array[] = [];
  const flush = () => {
    const pieces = waiting;
    waiting = [];
    write(socket, pieces);
  };
  const early: In[] = [];
  const reader = new MessageReader(message => {
    if (handlers === undefined) early.push(message as In);
    else handlers.message(message as In);
  });
  const read = (chunk: Buffer) => {
    try {
      if (!closed) reader.push(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : undefined);
    }
  };
  socket.on('data', chunk => incoming(chunk.length, () => read(chunk as Buffer)));
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
    handlers?.closed();
    onClosed?.();
  });
  return {
    send(message) {
      if (closed || socket.destroyed) return;
      const pieces = encodeMessage(message);
      const byteCount = pieces.reduce((sum, piece) => sum + piece.length, 0);
      outgoing(byteCount, () => {
        if (waiting.length === 0) clock.soon(flush);
        waiting.push(...pieces);
      });
    },
    close: () => socket.destroy(),
    listen(given) {
      handlers = given;
      for (const message of early.splice(0)) given.message(message);
      if (closed) given.closed();
    },
  };
}

/** Pieces up to so many bytes in all are copied together, which costs less than handing over each. */
const JOINED_MAX = 64 * 1024;

function write(socket: Socket, pieces: readonly Uint8Array[]): void {
  if (socket.destroyed) return;
  const byteCount = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (byteCount <= JOINED_MAX) {
    socket.write(Buffer.concat(pieces, byteCount));
    return;
  }
  // One system call all the same: the pieces are gathered by the kernel.
  socket.cork();
  for (const piece of pieces) socket.write(piece);
  socket.uncork();
}
