import { Resolver as Client } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  type Clock,
  type LogFields,
  type Logger,
  seededRandom,
  silentLogger,
  systemClock,
  systemRandom,
} from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import { until } from '@stormglass/testing';
import { afterEach, expect, it } from 'vitest';
import { planPorts } from '../ports.ts';
import { startZoneResolver, type ZoneResolver } from './resolver.ts';

const HOST = '127.0.0.1';
const health: ZoneHealth = { status: 'ok', region: 'us-east-1', zone: 'use1-az1', log: 'ok', services: [] };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Told {
  readonly errors: string[];
  readonly queries: (LogFields | undefined)[];
}

function start(port: number, told: Told): ZoneResolver {
  const logger: Logger = { ...silentLogger, error: message => void told.errors.push(message) };
  const queryLogger: Logger = { ...silentLogger, info: (_message, fields) => void told.queries.push(fields) };
  const clock: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms / 100, fn) };
  // The other zone has no listener: names lead to this one only.
  const zones = ['use1-az1', 'use1-az2'].map(id => ({ id, address: HOST, clientsPort: 1, internalPort: 2 }));
  const dns = { port, zones, logPort: 3, certificateAuthorityPort: 4, ttlSeconds: 7 };
  const config = { zone: 'use1-az1', region: 'us-east-1', dns };
  const started = startZoneResolver({
    ...{ config, services: [{ prefix: 'sts', isGlobal: false }], authorities: [], ownHealth: () => health },
    ...{ links: new LinkRules(), clock, random: seededRandom(1), logger, queryLogger },
  });
  closers.push(() => started.close());
  return started;
}

function client(port: number): Client {
  const resolver = new Client({ timeout: 1000, tries: 1 });
  resolver.setServers([`${HOST}:${port}`]);
  return resolver;
}

it('answers for the region, refuses other names, and keeps a line for each query', async () => {
  const told: Told = { errors: [], queries: [] };
  const port = (await planPorts({ frontDoor: 0, dns: 0, zoneCount: 1, random: systemRandom })).zones[0]!.dns;
  const { resolver } = start(port, told);
  const asker = client(port);
  const name = 'sts.us-east-1.amazonaws.com';
  const answer = await until('an answer', () => asker.resolve4(name, { ttl: true }));
  expect(answer).toEqual([{ address: HOST, ttl: 7 }]);
  await expect(asker.resolve4('example.com')).rejects.toMatchObject({ code: 'EREFUSED' });
  expect(told.queries.slice(-2)).toMatchObject([
    { zone: 'use1-az1', client: HOST, name, type: 'A', rcode: 'NOERROR' },
    { name: 'example.com', rcode: 'REFUSED' },
  ]);
  expect(await resolver.resolve(name, 'A')).toMatchObject([{ data: HOST }]);
});

it('says once that its port is taken, and takes it when it is free', async () => {
  const told: Told = { errors: [], queries: [] };
  const port = (await planPorts({ frontDoor: 0, dns: 0, zoneCount: 1, random: systemRandom })).zones[0]!.dns;
  const stranger = createServer().listen(port, HOST);
  await once(stranger, 'listening');
  start(port, told);
  await until('an error', () => told.errors.length > 0);
  stranger.close();
  const asker = client(port);
  await until('an answer', () => asker.resolve4('sts.amazonaws.com'));
  expect(told.errors).toEqual(['the DNS port cannot be had and is tried again']);
});

it('stops trying when it is closed', async () => {
  const told: Told = { errors: [], queries: [] };
  const stranger = createServer().listen(0, HOST);
  await once(stranger, 'listening');
  closers.push(() => stranger.close());
  const started = start((stranger.address() as { port: number }).port, told);
  await until('an error', () => told.errors.length > 0);
  await started.close();
});
