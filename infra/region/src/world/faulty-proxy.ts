/** Carries a connection between a client and a zone through the faults of their link, both ways, byte by byte. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '@stormglass/base';
import { type LinkRules, ShapedDirection } from '@stormglass/faults';

/** A slow link makes the sender wait, as a full TCP window does, instead of piling up bytes here. */
const WAITING_BYTES_MAX = 1024 * 1024;

export interface FaultyProxyOptions {
  readonly client: Socket;
  readonly zone: string;
  readonly port: number;
  readonly links: LinkRules;
  readonly clock: Clock;
  readonly onClosed: () => void;
}

/** Begins to carry; returns how to break the connection. */
export function proxyThroughFaults({ client, zone, port, links, clock, onClosed }: FaultyProxyOptions): () => void {
  const server = connect({ host: '127.0.0.1', port, noDelay: true });
  const connection = links.nextConnection();
  let broken = false;
  const ways: ShapedDirection[] = [];
  const breakOff = () => {
    if (broken) return;
    broken = true;
    for (const way of ways) way.close();
    client.destroy();
    server.destroy();
    onClosed();
  };
  const carry = (source: Socket, target: Socket, from: string, to: string) => {
    const way = new ShapedDirection({ rules: links, clock, from, to, connection, onReset: breakOff });
    ways.push(way);
    source.on('data', chunk => {
      way.send(chunk.length, () => {
        if (!target.destroyed) target.write(chunk);
        if (source.isPaused() && way.waitingBytes < WAITING_BYTES_MAX && !target.writableNeedDrain) source.resume();
      });
      if (way.waitingBytes >= WAITING_BYTES_MAX || target.writableNeedDrain) source.pause();
    });
    target.on('drain', () => {
      if (way.waitingBytes < WAITING_BYTES_MAX) source.resume();
    });
    source.on('end', () => way.send(0, () => target.end()));
    source.on('error', breakOff);
    source.on('close', () => {
      if (source.destroyed && target.destroyed) breakOff();
    });
  };
  carry(client, server, 'clients', zone);
  carry(server, client, zone, 'clients');
  server.on('close', () => {
    if (!server.readableEnded) breakOff();
  });
  client.on('close', breakOff);
  client.resume();
  return breakOff;
}
