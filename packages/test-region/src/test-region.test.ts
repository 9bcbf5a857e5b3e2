import type { FaultRequest, FaultStatus, RegionStatus, ZoneStatus } from '@stormglass/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RegionDriver } from './region-driver.ts';
import { TestRegion } from './test-region.ts';

const zone = (n: number, letter: string): ZoneStatus => ({
  ...{ id: `use1-az${n}`, name: `us-east-1${letter}`, endpoint: `http://localhost:500${n}`, dns: '127.0.0.1:53' },
  ...{
    condition: 'running',
    healthy: true,
    serves: true,
    log: 'ok',
    outages: [],
    pid: n,
    address: undefined,
    certificates: undefined,
    globalSts: 'regional',
  },
  ...{ restarts: 0, connections: 0 },
});

/** Remembers what it is asked for. */
class Driver implements RegionDriver {
  readonly rootFile = 'ca.pem';
  readonly faults: FaultStatus[] = [];
  stops = 0;

  status = async (): Promise<RegionStatus> => ({
    ...{
      region: 'us-east-1',
      endpoint: 'http://localhost:5000',
      engine: 'embedded',
      ready: true,
      pid: 1,
      startedAt: 0,
    },
    ...{ folder: '', rootFile: '', ephemeral: true, zones: [zone(1, 'a'), zone(2, 'b')], faults: [...this.faults] },
  });
  waitReady = async () => {};
  addFault = async ({ oneWay, durationMs, ...request }: FaultRequest): Promise<FaultStatus> => {
    const settings = { ...(oneWay ? { oneWay } : {}), ...(durationMs === undefined ? {} : { durationMs }) };
    const status = { id: `fault-${this.faults.length}`, ...request, settings };
    this.faults.push(status);
    return status;
  };
  clearFaults = async (id?: string) => {
    const kept = id === undefined ? [] : this.faults.filter(fault => fault.id !== id);
    this.faults.splice(0, this.faults.length, ...kept);
  };
  readonly modes: string[] = [];
  setGlobalSts = async (mode: string, place?: string) => void this.modes.push(`${place} ${mode}`);
  stop = async () => void this.stops++;
}

let driver: Driver;
let region: TestRegion;
beforeEach(async () => {
  driver = new Driver();
  region = TestRegion.of(driver, await driver.status());
});

describe('a zone', () => {
  it('is found by id and by name', () => {
    expect(region.zone('us-east-1b')).toBe(region.zone('use1-az2'));
    expect(region.zone('use1-az2').endpoint).toBe('http://localhost:5002');
    expect(() => region.zone('use1-az9')).toThrow('us-east-1 has no zone use1-az9; it has use1-az1, use1-az2');
  });

  it('loses its power unless something else is asked for', async () => {
    await region.zone('use1-az1').fail();
    await region.zone('use1-az2').fail({ mode: 'freeze', durationMs: 500 });
    expect(driver.faults).toEqual([
      { id: 'fault-0', fault: 'power-off', zone: 'use1-az1', settings: {} },
      { id: 'fault-1', fault: 'freeze', zone: 'use1-az2', settings: { durationMs: 500 } },
    ]);
  });

  it('is cut off from another zone, or from a place', async () => {
    const [one, two] = region.zones;
    await one!.partition(two!, { oneWay: true });
    await one!.partition('log');
    expect(driver.faults).toMatchObject([
      { fault: 'partition', from: 'use1-az1', to: 'use1-az2', settings: { oneWay: true } },
      { fault: 'partition', from: 'use1-az1', to: 'log', settings: {} },
    ]);
  });

  it('heals of all that names it, and of nothing else', async () => {
    const [one, two] = region.zones;
    await one!.fail();
    await one!.partition(two!);
    await region.fault({ fault: 'latency', from: 'clients', to: 'use1-az1', settings: { latencyMs: 5 } });
    await two!.partition('log');
    await region.fault({ fault: 'ca-outage' });
    await one!.heal();
    expect(driver.faults.map(({ id }) => id)).toEqual(['fault-3', 'fault-4']);
  });
});

describe('a fault', () => {
  it('ends when it is cleared, or when its block is left', async () => {
    const fault = await region.fault({ fault: 'ca-outage' });
    {
      await using outage = await region.zone('use1-az1').fail();
      expect(driver.faults).toEqual([fault.status, outage.status]);
    }
    expect(driver.faults).toEqual([fault.status]);
    await fault.clear();
    expect(driver.faults).toEqual([]);
  });

  it('ends with all others', async () => {
    await region.zone('use1-az1').fail();
    await region.zone('use1-az2').fault({ fault: 'clock-skew', settings: { skewMs: 1000 } });
    expect(driver.faults[1]).toMatchObject({ fault: 'clock-skew', zone: 'use1-az2' });
    await region.clearFaults();
    expect(driver.faults).toEqual([]);
  });
});

describe('a region', () => {
  it('tells clients where it is', () => {
    expect(region.environment).toEqual({
      AWS_ENDPOINT_URL: 'http://localhost:5000',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_CA_BUNDLE: 'ca.pem',
    });
  });

  it('stops once, however often it is told', async () => {
    {
      await using same = region;
      await Promise.all([same.stop(), same.stop()]);
    }
    expect(driver.stops).toBe(1);
  });

  it('knows those that were started with it, each with its zones, and ends with them', async () => {
    const first = await driver.status();
    const common = { engine: 'embedded', ready: true, folder: '', partition: 'aws' };
    const second = { ...common, region: 'eu-west-1', endpoint: 'http://localhost:5100', rootFile: 'eu.pem' };
    const regions = [
      { ...common, ...first },
      { ...second, zones: [{ ...zone(1, 'a'), id: 'euw1-az1' }] },
    ];
    driver.status = async () => ({ ...first, regions });
    const all = TestRegion.of(driver, await driver.status());
    const other = all.region('eu-west-1');
    expect([all.name, all.rootFile]).toEqual(['us-east-1', '']);
    expect(other.environment).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_CA_BUNDLE: 'eu.pem' });
    expect((await other.zone('euw1-az1').status()).id).toBe('euw1-az1');
    expect(other.region('us-east-1')).toBe(all);
    expect(() => all.region('mars')).toThrow('there is no region mars; there are us-east-1, eu-west-1');
    await Promise.all([other.stop(), all.stop()]);
    expect(driver.stops).toBe(1);
  });
});

it('has the global endpoint of STS answered here or at home, by zone and as a whole', async () => {
  await region.zone('use1-az2').setGlobalSts('legacy');
  await region.setGlobalSts('regional');
  expect(driver.modes).toEqual(['use1-az2 legacy', 'us-east-1 regional']);
});
