import type { FaultRequest, FaultStatus, RegionStatus } from '@stormglass/contracts';
import { SimClock } from '@stormglass/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { DockerDriver } from './docker-driver.ts';

const ZONES = ['use1-az1', 'use1-az2'];

let clock: SimClock;
let commands: string[];
let worldFaults: FaultStatus[];
/** Zones that the world finds in good health. */
let serving: Set<string>;
let driver: DockerDriver;

beforeEach(() => {
  clock = new SimClock();
  commands = [];
  worldFaults = [];
  serving = new Set(ZONES);
  const outage = (word: string) => async (mode: string, ids: readonly string[]) =>
    void commands.push(`${word} ${mode} ${ids.join(' ')}`);
  driver = new DockerDriver({
    clock,
    keeper: {
      ready: {
        control: { host: '127.0.0.1', port: 3 },
        rootFile: 'ca.pem',
        endpoint: 'http://127.0.0.1:1',
        zoneEndpoints: { 'use1-az1': 'http://127.0.0.1:2' },
      },
      stop: async () => void commands.push('stop'),
    },
    containers: {
      containersOf: async zone => [`iam-${zone}`, `sts-${zone}`],
      beginOutage: outage('begin'),
      endOutage: outage('end'),
    },
    control: {
      setGlobalSts: async (mode, place) => void commands.push(`${place} ${mode}`),
      status: async () =>
        ({
          endpoint: 'http://localhost:4566',
          zones: ZONES.map(id => ({ id, endpoint: 'http://localhost:4567', serves: serving.has(id), outages: [] })),
          faults: worldFaults,
        }) as unknown as RegionStatus,
      addFault: async (request: FaultRequest) => {
        const status = { id: `fault-${worldFaults.length}`, settings: {}, ...request };
        worldFaults.push(status);
        return status;
      },
      clearFaults: async id => {
        commands.push(`clear ${id ?? 'all'}`);
        return { cleared: 1 };
      },
    },
  });
});

describe('an outage of a zone', () => {
  it('is done to all its containers, once, and undone', async () => {
    const outage = await driver.addFault({ fault: 'power-off', zone: 'use1-az1' });
    expect(await driver.addFault({ fault: 'power-off', zone: 'use1-az1' })).toBe(outage);
    await driver.clearFaults(outage.id);
    await driver.clearFaults(outage.id);
    expect(commands).toEqual(['begin power-off iam-use1-az1 sts-use1-az1', 'end power-off iam-use1-az1 sts-use1-az1']);
    expect(worldFaults).toEqual([]);
  });

  it('stands in the status of the region', async () => {
    const outage = await driver.addFault({ fault: 'freeze', zone: 'use1-az2' });
    const fault = await driver.addFault({ fault: 'partition', from: 'use1-az1', to: 'use1-az2' });
    const { zones, faults } = await driver.status();
    expect(zones.map(({ outages }) => outages)).toEqual([[], ['freeze']]);
    expect(faults).toEqual([fault, outage]);
  });

  it('ends by itself when it has a duration', async () => {
    await driver.addFault({ fault: 'freeze', zone: 'use1-az1', durationMs: 500 });
    await clock.run(499);
    expect(commands).toHaveLength(1);
    await clock.run(500);
    expect(commands[1]).toBe('end freeze iam-use1-az1 sts-use1-az1');
  });

  it('needs a zone', async () => {
    await expect(driver.addFault({ fault: 'freeze' })).rejects.toThrow('freeze needs a zone');
  });
});

it('mends all: outages by Docker, the rest by the world', async () => {
  await driver.addFault({ fault: 'power-off', zone: 'use1-az1' });
  await driver.addFault({ fault: 'latency', from: 'use1-az1' });
  await driver.clearFaults();
  expect(commands.slice(1)).toEqual(['end power-off iam-use1-az1 sts-use1-az1', 'clear all']);
});

it('tells endpoints as this machine reaches them', async () => {
  const { endpoint, zones, rootFile } = await driver.status();
  expect([endpoint, zones[0]!.endpoint, rootFile]).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2', 'ca.pem']);
});

it('is ready when the zones serve that are not held down', async () => {
  serving.delete('use1-az1');
  const late = driver.waitReady(1000).catch((error: unknown) => String(error));
  await clock.run(2000);
  expect(await late).toBe('WorldError: use1-az1 did not serve within 1000 ms');
  await driver.addFault({ fault: 'power-off', zone: 'use1-az1' });
  await driver.waitReady(1000);
});
