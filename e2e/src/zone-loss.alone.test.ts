import { CreateRoleCommand, CreateUserCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { sleep, systemClock } from '@stormglass/base';
import type { ZoneOutage } from '@stormglass/contracts';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keep } from './chaos/history-file.ts';
import { type CallRecord, percentile } from './chaos/open-loop.ts';
import { accountCredentials, SdkLoad } from './chaos/sdk-load.ts';
import { createItemTable, ItemLoad } from './item-load.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const PER_SECOND = 150;
const ITEMS_PER_SECOND = 50;
const ITEM_ACCOUNT = '200000000000';
const PHASE_MS = { before: 500, fault: 2500, after: 1000 };
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

let region: RegionUnderTest;
let endpoint: string;
let accounts = 100_000_000_000;
beforeAll(async () => {
  region = await RegionUnderTest.start();
  endpoint = await region.endpoint();
  await createItemTable(endpoint, ITEM_ACCOUNT);
});
afterAll(() => region?.close());

const client = (accountId: string, at = endpoint, maxAttempts?: number) =>
  new IAMClient({
    endpoint: at,
    region: 'us-east-1',
    credentials: accountCredentials(accountId),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  });

/** How a zone is taken away, and brought back. */
type Outage = (zone: string) => Promise<() => Promise<unknown>>;

const byCommand =
  (outage: ZoneOutage): Outage =>
  async zone => {
    await region.world.disableZone(zone, outage);
    return () => region.world.enableZone(zone);
  };

const OUTAGES: Record<string, Outage> = {
  'powered off': byCommand('power-off'),
  frozen: byCommand('freeze'),
  'cut off': byCommand('cut-off'),
  'cut off from its log alone': async zone => {
    const { id } = await region.world.addFault({ fault: 'partition', from: zone, to: 'log' });
    return () => region.world.clearFaults(id);
  },
  'killed by a stranger': async zone => {
    process.kill((await region.pids())[zone]!, 'SIGKILL');
    return async () => {};
  },
  'behind a slow and lossy link': async zone => {
    const add = (fault: string, settings: Record<string, unknown>) =>
      region.world.addFault({ fault, from: zone, settings });
    const faults = [await add('latency', { latencyMs: 60, jitterMs: 30 }), await add('loss', { probability: 0.05 })];
    return async () => {
      for (const { id } of faults) await region.world.clearFaults(id);
    };
  },
};

/** What an operator does is done to every zone, what happens by itself to one. */
const CASES = Object.keys(OUTAGES).map((outage, i) => [outage, i < 3 ? ZONES : [ZONES[i % 3]!]] as const);

describe.each(CASES)('under load, with a zone %s', (outage, zones) => {
  it.each(zones)('%s: no call fails, nothing acknowledged is lost', async zone => {
    const account = String(++accounts);
    await client(account).send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    const load = new SdkLoad(endpoint, account, 'reader');
    const items = new ItemLoad(endpoint, ITEM_ACCOUNT, account);
    load.start(PER_SECOND);
    items.start(ITEMS_PER_SECOND);
    await sleep(systemClock, PHASE_MS.before);
    const brokenAt = performance.now();
    const mend = await OUTAGES[outage]!(zone);
    await sleep(systemClock, PHASE_MS.fault);
    const mendedAt = performance.now();
    await mend();
    await sleep(systemClock, PHASE_MS.after);
    await Promise.all([load.stop(), items.stop()]);
    const records = [...load.records, ...items.records];
    keep('zone-loss', { outage, zone, ...summary(records, brokenAt, mendedAt) });

    expect(records.filter(r => r.error !== undefined)).toEqual([]);
    expect(load.records.length).toBeGreaterThan(PER_SECOND * 3);
    expect(items.records.length).toBeGreaterThan(ITEMS_PER_SECOND * 3);
    await healed();
    const created = new Set(load.created);
    expect(created.size).toBe(load.created.length);
    for (const { id, endpoint: zonal } of (await region.world.status()).zones) {
      const zoneClient = client(account, zonal);
      for (const name of load.created.slice(-30)) {
        const { User } = await zoneClient.send(new GetUserCommand({ UserName: name }));
        expect(User?.UserName, id).toBe(name);
      }
      expect(await items.found(zonal), id).toEqual(new Set(items.acknowledged));
    }
    expect(await countUsers(account)).toBe(created.size);
  });
});

describe('with two zones down', () => {
  it('refuses writes clearly, goes on reading, and heals when one returns', async () => {
    const account = String(++accounts);
    await client(account).send(new CreateUserCommand({ UserName: 'before' }));
    for (const zone of ZONES.slice(0, 2)) await region.world.disableZone(zone, 'power-off');
    const once = client(account, endpoint, 1);

    const refused = await until('a refusal', async () => {
      try {
        await once.send(new CreateUserCommand({ UserName: `during-${performance.now()}` }));
        return undefined;
      } catch (error) {
        const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
        return $metadata?.httpStatusCode === 503 ? name : undefined;
      }
    });
    expect(refused).toBe('ServiceUnavailable');
    const askedAt = performance.now();
    await expect(once.send(new CreateUserCommand({ UserName: 'refused' }))).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
    keep('two-zones-down', { refusedAfterMs: performance.now() - askedAt });
    const { User } = await client(account).send(new GetUserCommand({ UserName: 'before' }));
    expect(User?.UserName).toBe('before');

    await region.world.enableZone(ZONES[0]!);
    await until('writes to be accepted again', async () => {
      await client(account).send(new CreateUserCommand({ UserName: 'after' }));
      return true;
    });
    await expect(client(account).send(new GetUserCommand({ UserName: 'refused' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
    await region.world.enableZone(ZONES[1]!);
    await healed();
  });
});

/** Waits until every zone is healthy and the doctor finds nothing but good. */
async function healed(): Promise<void> {
  await until('the region to heal', async () => {
    const { findings } = await region.world.doctor();
    const bad = findings.filter(f => f.level !== 'ok');
    if (bad.length > 0) throw new Error(bad.map(f => f.text).join('; '));
    return true;
  });
}

async function countUsers(account: string): Promise<number> {
  const { paginateListUsers } = await import('@aws-sdk/client-iam');
  let count = 0;
  for await (const page of paginateListUsers({ client: client(account), pageSize: 1000 }, {}))
    count += page.Users?.length ?? 0;
  return count;
}

/** Latencies around the fault, for the reader of the history: no test asserts them. */
function summary(records: readonly CallRecord[], brokenAt: number, mendedAt: number) {
  const p99 = (from: number, to: number) =>
    Math.round(
      percentile(
        records.filter(r => r.at >= from && r.at < to),
        0.99,
      ),
    );
  return {
    calls: records.length,
    errors: records.filter(r => r.error !== undefined).length,
    p99Ms: {
      before: p99(brokenAt - PHASE_MS.before, brokenAt),
      firstSecond: p99(brokenAt, brokenAt + 1000),
      secondSecond: p99(brokenAt + 1000, brokenAt + 2000),
      later: p99(brokenAt + 2000, mendedAt),
      afterMending: p99(mendedAt, mendedAt + PHASE_MS.after),
    },
  };
}
