import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountCredentials } from './chaos/sdk-load.ts';
import { crossRegionShare, type Migration, migrate, recordedCalls, USUAL } from './demos/sts-migration.ts';

let migration: Migration;
beforeAll(async () => {
  migration = await migrate({ ...USUAL, stepMs: 1500 });
}, 180_000);
afterAll(() => migration?.region.stop());

const zonesOf = ({ zones }: Migration['region']) => zones.map(({ id }) => id);
const answeredBy = (calls: Migration['calls']) => new Set(calls.map(({ by }) => by!));

describe('sts.amazonaws.com moves into a region, zone by zone', () => {
  it('and no call fails', () => {
    expect(migration.calls.length).toBeGreaterThan(100);
    expect(migration.calls.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('from the home region, over the long way, to the own one', () => {
    const [legacy, ...moved] = migration.steps;
    const last = moved.at(-1)!;
    for (const zone of answeredBy(legacy!.calls)) expect(zonesOf(migration.home)).toContain(zone);
    expect(Math.min(...legacy!.calls.map(({ ms }) => ms))).toBeGreaterThanOrEqual(USUAL.roundTripMs);
    for (const zone of answeredBy(last.calls)) expect(zonesOf(migration.region)).toContain(zone);
    // A call that went the long way cannot have been faster than that.
    expect(Math.min(...last.calls.map(({ ms }) => ms))).toBeLessThan(USUAL.roundTripMs);
  });

  it('and the share of accounts with calls across regions falls to nothing', () => {
    const shares = migration.steps.map(({ calls }) => Math.round(crossRegionShare(calls, migration.region)));
    expect(shares).toEqual([100, 67, 33, 0]);
  });

  it('and nobody is ever answered by a third region', () => {
    for (const zone of zonesOf(migration.third)) expect(answeredBy(migration.calls)).not.toContain(zone);
  });

  it('and CloudTrail has all of it in the home region, with the region that served it', async () => {
    const account = '100000000000';
    const made = migration.calls.filter(call => call.account === account);
    const own = new Set(zonesOf(migration.region));
    await until(
      'every call in the trail',
      async () => (await recordedCalls(migration.home, account)).length >= made.length,
    );
    const recorded = await recordedCalls(migration.home, account);
    expect(recorded).toHaveLength(made.length);
    for (const { awsRegion, endpointType } of recorded) {
      expect({ awsRegion, endpointType }).toEqual({ awsRegion: 'us-east-1', endpointType: 'global' });
    }
    const served = (region: string) => recorded.filter(({ servingRegion }) => servingRegion === region).length;
    expect(served(USUAL.region)).toBe(made.filter(({ by }) => own.has(by!)).length);
    expect(served('us-east-1')).toBe(made.filter(({ by }) => !own.has(by!)).length);
    expect(await recordedCalls(migration.region, account)).toEqual([]);
  });
});

describe('the global endpoint and those of regions fail apart', () => {
  const ask = (host: string) => {
    const { port } = new URL(migration.region.endpoint);
    const global = host === 'sts.amazonaws.com';
    const client = new STSClient({
      ...{ endpoint: `http://localhost:${port}`, region: global ? 'us-east-1' : USUAL.region, maxAttempts: 1 },
      credentials: accountCredentials('100000000001'),
    });
    client.middlewareStack.add(
      next => args => {
        (args.request as { headers: Record<string, string> }).headers.host = host;
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    return client.send(new GetCallerIdentityCommand({})).then(
      () => 'answered',
      ({ name }: Error) => name,
    );
  };
  const GLOBAL = 'sts.amazonaws.com';
  const REGIONAL = `sts.${USUAL.region}.amazonaws.com`;

  it.each([
    ['sts-global', GLOBAL, REGIONAL],
    ['sts', REGIONAL, GLOBAL],
  ])('%s down', async (service, down, up) => {
    expect([await ask(down), await ask(up)]).toEqual(['answered', 'answered']);
    const settings = { service, 'error.code': 'ServiceUnavailable', 'error.statusCode': 503 };
    const fault = await migration.region.fault({ fault: 'call', settings });
    expect([await ask(down), await ask(up)]).toEqual(['ServiceUnavailable', 'answered']);
    await fault.clear();
    expect(await ask(down)).toBe('answered');
  });
});
