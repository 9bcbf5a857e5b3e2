/** A door whose zones are reached over the network: of one that is gone, and not yet known to be, clients hear nothing. */
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { silentLogger, systemClock } from '@stormglass/base';
import { LinkRules } from '@stormglass/faults';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FrontDoor, type Target } from './front-door.ts';

const HOST = '127.0.0.1';

let zone: Server;
let door: FrontDoor | undefined;
beforeEach(async () => {
  zone = createServer(socket => socket.on('error', () => {}).pipe(socket));
  await once(zone.listen(0, HOST), 'listening');
});
afterEach(() => {
  door?.close();
  zone.close();
});

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** A port that nobody listens on any more. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, HOST), 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

const target = (name: string, port: number): Target => ({
  ...{ zone: name, port, healthy: true, fit: true, running: false },
});

async function open(...targets: readonly Target[]): Promise<number> {
  let id = 0;
  const links = new LinkRules();
  door = new FrontDoor({ targets, of: 'region', nextId: () => ++id, links, clock: systemClock, logger: silentLogger });
  return door.listen(0, HOST);
}

async function answerOf(port: number): Promise<string> {
  const socket = connect({ host: HOST, port });
  let text = '';
  let isOver = false;
  socket.on('error', () => {}).on('close', () => (isOver = true));
  socket.on('data', chunk => (text += chunk.toString()));
  socket.write('hello');
  await until('an answer', () => text !== '' || isOver);
  socket.destroy();
  return text;
}

it('turns to the next zone when one cannot be reached', async () => {
  const port = await open(target('use1-az1', await deadPort()), target('use1-az2', portOf(zone)));
  const answers = await Promise.all([1, 2, 3, 4].map(() => answerOf(port)));
  expect(answers).toEqual(['hello', 'hello', 'hello', 'hello']);
  await until('the connections to be over', () => door?.connectionsOf('use1-az2') === 0);
});

it('answers by itself when none can be reached', async () => {
  const port = await open(target('use1-az1', await deadPort()), target('use1-az2', await deadPort()));
  expect(await answerOf(port)).toMatch(/^HTTP\/1\.1 503 /);
});
