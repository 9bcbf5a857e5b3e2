/** Clients that find the region by its names: the resolvers of the zones lead them away from a zone that is lost. */
import { Resolver } from 'node:dns/promises';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { sleep, systemClock } from '@stormglass/base';
import type { ZoneOutage } from '@stormglass/contracts';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keep } from './chaos/history-file.ts';
import { NameClient } from './chaos/name-client.ts';
import { percentile } from './chaos/open-loop.ts';
import { accountCredentials, SdkLoad } from './chaos/sdk-load.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'] as const;
const [FIRST, SECOND, THIRD] = ['127.66.0.1', '127.66.0.2', '127.66.0.3'] as const;
const NAME = 'sts.us-east-1.amazonaws.com';
const HOSTS = { sts: NAME, iam: 'iam.amazonaws.com' };
const PER_SECOND = 150;
const TTL_MS = 5000;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

let region: RegionUnderTest;
let port: string;
/** Addresses of the zones' resolvers, in the order of the zones. */
let servers: string[];
let accounts = 200_000_000_000;
beforeAll(async () => {
  region = await RegionUnderTest.start();
  const status = await region.world.status();
  port = new URL(status.endpoint).port;
  servers = status.zones.map(zone => zone.dns);
});
afterAll(() => region?.close());

/** What the resolver of a zone answers, without any cache. */
function answer(zone: number, name = NAME): Promise<string[]> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([servers[zone]!]);
  return resolver.resolve4(name);
}

/** Waits until the resolvers of some zones give these answers; tells how long that took, in ms. */
async function answers(expected: Readonly<Record<number, readonly string[]>>, timeoutMs: number): Promise<number> {
  const from = performance.now();
  for (const [zone, addresses] of Object.entries(expected)) {
    const isSo = async () => (await answer(Number(zone))).join() === addresses.join();
    await until(`${ZONES[Number(zone)]} to answer ${addresses.join(', ')}`, isSo, timeoutMs);
  }
  return Math.round(performance.now() - from);
}

const EVERYBODY = { 0: [FIRST, SECOND, THIRD], 1: [SECOND, THIRD, FIRST], 2: [THIRD, FIRST, SECOND] };
const healed = () => answers(EVERYBODY, 30_000);

/** Load from clients that prefer one zone's resolver each; every other one makes a connection for each call. */
async function startLoad() {
  const accountId = String(++accounts);
  const endpoint = await region.endpoint();
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: accountCredentials(accountId) });
  await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
  iam.destroy();
  const names: NameClient[] = [];
  const load = new SdkLoad(
    (service, n) => {
      const first = n % servers.length;
      const client = new NameClient([...servers.slice(first), ...servers.slice(0, first)]);
      names.push(client);
      const httpAgent = client.agent(n < servers.length);
      return { endpoint: `http://${HOSTS[service]}:${port}`, requestHandler: { httpAgent } };
    },
    accountId,
    'reader',
  );
  load.start(PER_SECOND);
  return { load, names };
}

it('each zone answers with its own address first, and leads to itself by its own name', async () => {
  await healed();
  for (const zone of ZONES.keys())
    expect(await answer(zone, `sts.${ZONES[1]}.us-east-1.amazonaws.com`)).toEqual([SECOND]);
  expect((await region.world.status()).zones.map(zone => zone.address)).toEqual([FIRST, SECOND, THIRD]);
});

describe.each<ZoneOutage>(['power-off', 'freeze', 'cut-off'])('under load, with a zone gone by %s', outage => {
  it('its address leaves the answers within the TTL, no call fails, and it comes back', async () => {
    await healed();
    const { load, names } = await startLoad();
    await sleep(systemClock, 2000);
    const brokenAt = performance.now();
    await region.world.disableZone(ZONES[0], outage);
    const leftAfterMs = await answers({ 1: [SECOND, THIRD], 2: [THIRD, SECOND] }, TTL_MS);
    // Every client has forgotten the old answers by then.
    await sleep(systemClock, TTL_MS);
    const settledAt = performance.now();
    await sleep(systemClock, 1000);
    await region.world.enableZone(ZONES[0]);
    const backAfterMs = await healed();
    await sleep(systemClock, 1000);
    await load.stop();
    const between = (from: number, to: number) => load.records.filter(({ at }) => at >= from && at < to);
    const lookups = names.reduce((sum, client) => sum + client.lookups, 0);
    keep('zonal-names', {
      ...{ outage, leftAfterMs, backAfterMs, lookups, calls: load.records.length },
      asked: names.reduce((sum, client) => sum + client.asked, 0),
      p99Ms: [between(0, brokenAt), between(brokenAt, settledAt), between(settledAt, Number.POSITIVE_INFINITY)].map(
        records => Math.round(percentile(records, 0.99)),
      ),
    });
    expect(load.records.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(load.records.length).toBeGreaterThan(PER_SECOND * 5);
    expect(lookups).toBeGreaterThan(load.records.length / 4);
  });
});

it('with two zones down, the third answers with itself', async () => {
  await healed();
  for (const zone of ZONES.slice(0, 2)) await region.world.disableZone(zone, 'power-off');
  await answers({ 2: [THIRD] }, TTL_MS);
  for (const zone of ZONES.slice(0, 2)) await region.world.enableZone(zone);
  await healed();
});

it('a zone that sees nobody well goes on answering, while the others leave it out', async () => {
  await healed();
  const faults: string[] = [];
  for (const to of [...ZONES.slice(1), 'log']) {
    faults.push((await region.world.addFault({ fault: 'partition', from: ZONES[0], to })).id);
  }
  await answers({ 0: [FIRST], 1: [SECOND, THIRD], 2: [THIRD, SECOND] }, TTL_MS);
  for (const id of faults) await region.world.clearFaults(id);
  await healed();
});
