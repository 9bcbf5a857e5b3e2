import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type Clock, type Logger, silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planPorts } from '../ports.ts';
import { FrontDoor, type Target } from './front-door.ts';
import { ZonalDoor } from './zonal-door.ts';

const ZONE = 'use1-az1';
const HOST = '127.0.0.1';

/** What the test decides about the zone. */
const state = { healthy: true, running: true, takes: true };
const given: Socket[] = [];
const target: Target = {
  zone: ZONE,
  port: 0,
  get healthy() {
    return state.healthy;
  },
  get running() {
    return state.running;
  },
  get fit() {
    return state.healthy;
  },
  handOver(_id, socket) {
    if (state.takes) given.push(socket);
    return state.takes;
  },
};

let links: LinkRules;
let port: number;
let front: FrontDoor;
let door: ZonalDoor;
let silent: ReturnType<typeof createServer>;
const clients: Socket[] = [];
const warnings: string[] = [];

beforeEach(async () => {
  Object.assign(state, { healthy: true, running: true, takes: true });
  links = new LinkRules();
  const ports = await planPorts({ frontDoor: 0, dns: 0, zoneCount: 1, random: systemRandom });
  port = ports.log;
  // The zone's own port takes connections and never answers, as that of a frozen machine.
  silent = createServer(socket => socket.on('error', () => {}));
  silent.listen(ports.zones[0]!.clients, HOST);
  await once(silent, 'listening');
  const zone = { ...Object.getOwnPropertyDescriptors(target), port: { value: ports.zones[0]!.clients } };
  const only = Object.defineProperties({}, zone) as Target;
  let id = 0;
  // Waits that would be a second are over at once.
  const clock: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms / 100, fn) };
  const logger: Logger = { ...silentLogger, warn: message => void warnings.push(message) };
  front = new FrontDoor({ targets: [only], of: 'zone', nextId: () => ++id, links, clock, logger });
  door = new ZonalDoor({ door: front, target: only, address: HOST, clock, logger });
  await door.follow(port);
});
afterEach(() => {
  door.close();
  silent.close();
  for (const socket of [...clients.splice(0), ...given.splice(0)]) socket.destroy();
});

/** A client's connection, and how it ended: the code of its error, or `end`. */
function client(): { socket: Socket; ended: Promise<string> } {
  const socket = connect({ host: HOST, port });
  clients.push(socket);
  const ended = new Promise<string>(resolve => {
    socket.on('error', error => resolve((error as NodeJS.ErrnoException).code ?? ''));
    socket.on('end', () => resolve('end'));
    socket.resume();
  });
  return { socket, ended };
}

it('hands connections to its zone while it answers', async () => {
  client();
  await until('the connection', () => given.length === 1);
  expect(front.connectionsOf(ZONE)).toBe(1);
});

it('refuses connections while the zone does not answer, and takes them again when it does', async () => {
  state.healthy = false;
  await door.follow(port);
  expect(await client().ended).toBe('ECONNREFUSED');
  state.healthy = true;
  await door.follow(port);
  client();
  await until('the connection', () => given.length === 1);
});

it('resets the connection that a zone without power cannot take', async () => {
  Object.assign(state, { running: false, takes: false });
  expect(await client().ended).toBe('ECONNRESET');
});

it('leaves a connection to a frozen zone open and silent, until it is ended', async () => {
  state.takes = false;
  const { ended } = client();
  await until('the connection', () => front.connectionsOf(ZONE) === 1);
  front.endAll(ZONE);
  expect(['end', 'ECONNRESET']).toContain(await ended);
});

it('carries connections through the faults of the link', async () => {
  links.add(parseLinkRule('f1', { fault: 'partition', from: ZONE, to: 'clients' }, [ZONE, 'clients']));
  client();
  await until('the connection', () => front.connectionsOf(ZONE) === 1);
  expect(given).toEqual([]);
});

it('tries a port again that it could not have', async () => {
  state.healthy = false;
  await door.follow(port);
  const stranger = createServer().listen(port, HOST);
  await once(stranger, 'listening');
  state.healthy = true;
  const following = door.follow(port);
  await until('a warning', () => warnings.length > 0);
  stranger.close();
  await following;
  client();
  await until('the connection', () => given.length === 1);
});
