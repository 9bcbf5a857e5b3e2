import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { PORT_OFFSETS, planPorts, type RegionPorts } from './ports.ts';

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
