import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { seededRandom, systemRandom } from '@stormglass/base';
import { afterEach, expect, it } from 'vitest';
import {
  addressForClients,
  ownAddresses,
  PORT_OFFSETS,
  planPorts,
  planPortsOfRegions,
  type RegionPorts,
} from './ports.ts';
import { planRegion } from './topology.ts';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const all = ({ zones, log, certificateAuthority }: RegionPorts): number[] => [
  ...zones.flatMap(({ clients, internal, dns }) => [clients, internal, dns]),
  log,
  certificateAuthority,
];

const plan = (frontDoor: number, dns: number, zoneCount: number, random = systemRandom) =>
  planPorts({ frontDoor, dns, zoneCount, random });

it('finds a free block for port 0, below the ports of outgoing connections', async () => {
  const ports = await plan(0, 0, 3);
  const { frontDoor, zones } = ports;
  expect(new Set([frontDoor, ...all(ports)]).size).toBe(12);
  expect(frontDoor).toBeGreaterThanOrEqual(10_240);
  expect(Math.max(...all(ports))).toBeLessThan(32_064);
  expect(zones[2]).toEqual({ clients: frontDoor + 3, internal: frontDoor + 13, dns: frontDoor + 33 });
});

it('looks for another block where one port of a block is taken', async () => {
  // The same chance finds the same block; one port of it is held, and so the next one is taken.
  const first = await plan(0, 0, 1, seededRandom(7));
  const server = createServer().listen(first.log, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const second = await plan(0, 0, 1, seededRandom(7));
  expect(second.frontDoor).not.toBe(first.frontDoor);
  expect(second.log).toBe(second.frontDoor + PORT_OFFSETS.log);
});

it('plans the ports behind the bases where they are free', async () => {
  // Two stretches that were free a moment ago; another program may take a port of them, so most must be as planned.
  const [base, dns] = [(await plan(0, 0, 1)).frontDoor, (await plan(0, 0, 1)).frontDoor + 40];
  const ports = await plan(base, dns, 3);
  const planned = [0, 1, 2].flatMap(i => [base + PORT_OFFSETS.clients + i, base + PORT_OFFSETS.internal + i, dns + i]);
  const wanted = [...planned, base + PORT_OFFSETS.log, base + PORT_OFFSETS.certificateAuthority];
  expect(all(ports).filter((port, i) => port === wanted[i]).length).toBeGreaterThan(5);
  expect(ports.frontDoor).toBe(base);
});

it('goes elsewhere where a port is taken, and keeps the others', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  closers.push(() => server.close());
  const ports = await plan(port - PORT_OFFSETS.log, 0, 1);
  expect(ports.log).not.toBe(port);
  expect(ports.log).toBeGreaterThan(1023);
});

it('gives each of several regions a block of its own', async () => {
  const wishes = { frontDoor: 0, dns: 0, zoneCount: 3, random: systemRandom };
  const plans = await planPortsOfRegions(wishes, 3);
  expect(new Set(plans.flatMap(ports => [ports.frontDoor, ...all(ports)])).size).toBe(36);
  const base = plans[0]!.frontDoor;
  // The block that would be next is not free.
  const server = createServer().listen(base + 100, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const [first, second] = await planPortsOfRegions({ ...wishes, frontDoor: base }, 2);
  expect([first!.frontDoor, second!.log]).toEqual([base, second!.frontDoor + PORT_OFFSETS.log]);
  expect((second!.frontDoor - base) / 100).toBeGreaterThan(1);
});

it('takes a DNS port only when UDP is free as well', async () => {
  const socket = createSocket('udp4').bind({ port: 0, address: '127.0.0.1' });
  await once(socket, 'listening');
  closers.push(() => socket.close());
  const taken = socket.address().port;
  const { zones } = await plan(0, 0, 1).then(({ frontDoor }) => plan(frontDoor, taken, 1));
  expect(zones[0]!.dns).not.toBe(taken);
});

it('goes elsewhere where a base lies too high', async () => {
  const { log } = await plan(65_530, 65_535, 2);
  expect(log).toBeLessThan(65_536);
});

it('gives zones addresses of their own only where the machine has all of them', async () => {
  const region = planRegion('us-east-1');
  expect(region.zones.map(zone => zone.address)).toEqual(['127.66.0.1', '127.66.0.2', '127.66.0.3']);
  expect(planRegion('eu-west-1', 1, 2).zones[0]!.address).toBe('127.66.2.1');
  const at = (...addresses: string[]) => ({
    ...region,
    zones: addresses.map((address, i) => ({ ...region.zones[i]!, address })),
  });
  expect([...(await ownAddresses(at('127.0.0.1'), '127.0.0.1'))]).toEqual([['use1-az1', '127.0.0.1']]);
  // 192.0.2.0/24 is for documentation: no machine has it.
  expect((await ownAddresses(at('127.0.0.1', '192.0.2.1'), '127.0.0.1')).size).toBe(0);
  for (const every of ['0.0.0.0', '::']) expect((await ownAddresses(at('127.0.0.1'), every)).size).toBe(0);
});

it('lets names lead to the front door elsewhere', () => {
  const hosts = ['192.0.2.1', '127.0.0.1', 'localhost', '0.0.0.0', '::', '::1'];
  expect(hosts.map(addressForClients)).toEqual(['192.0.2.1', ...Array(5).fill('127.0.0.1')]);
});
