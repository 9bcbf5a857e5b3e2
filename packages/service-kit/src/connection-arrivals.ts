/**
 * How connections came that a front door handed over, kept until their first request asks. By the addresses of both
 * ends, because a socket that speaks TLS is another object than the one that was handed over.
 */
import type { Socket } from 'node:net';
import type { Arrival } from './telemetry.ts';

const arrivals = new Map<string, Arrival>();

/** Remembers as long as the socket is open. */
export function rememberArrival(socket: Socket, arrival: Arrival): void {
  const ends = endsOf(socket);
  arrivals.set(ends, arrival);
  socket.once('close', () => arrivals.get(ends) === arrival && arrivals.delete(ends));
}

/** Told once. */
export function arrivalOf(socket: Socket): Arrival | undefined {
  if (arrivals.size === 0) return undefined;
  const ends = endsOf(socket);
  const arrival = arrivals.get(ends);
  arrivals.delete(ends);
  return arrival;
}

const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
