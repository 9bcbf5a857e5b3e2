import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { addressForClients, ownAddresses, PORT_OFFSETS, planPorts, type RegionPorts } from './ports.ts';
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

it('lets the system choose everything behind port 0, each port once', async () => {
  const ports = await planPorts(0, 0, 3);
  expect(ports.frontDoor).toBe(0);
  expect(ports.zones).toHaveLength(3);
  expect(new Set(all(ports)).size).toBe(11);
  expect(Math.min(...all(ports))).toBeGreaterThan(1023);
});

it('plans the ports behind the bases where they are free', async () => {
  // Two stretches that were free a moment ago; another program may take a port of them, so most must be as planned.
  const [base, dns] = [(await planPorts(0, 0, 1)).log, (await planPorts(0, 0, 1)).log];
  const ports = await planPorts(base, dns, 3);
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
  const ports = await planPorts(port - PORT_OFFSETS.log, 0, 1);
  expect(ports.log).not.toBe(port);
  expect(ports.log).toBeGreaterThan(1023);
});

it('takes a DNS port only when UDP is free as well', async () => {
  const socket = createSocket('udp4').bind({ port: 0, address: '127.0.0.1' });
  await once(socket, 'listening');
  closers.push(() => socket.close());
  const taken = socket.address().port;
  const { zones } = await planPorts(0, taken, 1);
  expect(zones[0]!.dns).not.toBe(taken);
});

it('lets the system choose where a base lies too high', async () => {
  const { log } = await planPorts(65_530, 65_535, 2);
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
