/** The checkers of a zone on virtual time: when they probe, when they turn, what they follow. */
import { silentLogger } from '@stormglass/base';
import { type HealthCheckConfig, HostedZonesState, type Route53Command } from '@stormglass/hosted-zones';
import { SimClock } from '@stormglass/testing';
import { expect, it } from 'vitest';
import { HealthCheckers } from './health-checkers.ts';
import type { Probe } from './probe.ts';

const ACCOUNT = '123456789012';
const TCP: HealthCheckConfig = {
  ...{ type: 'TCP', ipAddress: '127.0.0.1', port: 9, requestInterval: 10, failureThreshold: 1 },
  ...{ inverted: false, disabled: false },
};

function zone(answer: Probe = async () => ({ isHealthy: true, status: 'Success: up' })) {
  const state = new HostedZonesState();
  const clock = new SimClock();
  let seq = 0;
  const run = (command: Route53Command) => state.apply({ seq: ++seq, now: seq }, command);
  const probes: { readonly at: number; readonly port: number }[] = [];
  let isUp = true;
  const probe: Probe = (target, signal) => {
    probes.push({ at: clock.monotonic(), port: target.port });
    return isUp ? answer(target, signal) : Promise.resolve({ isHealthy: false, status: 'Failure: down' });
  };
  const options = { view: state.view, probe, clock, logger: silentLogger, region: 'us-east-1', zone: 'use1-az2' };
  const checkers = new HealthCheckers(options);
  return {
    clock,
    checkers,
    probes,
    create: (healthCheckId: string, config: Partial<HealthCheckConfig> = {}) =>
      run({
        ...{ type: 'CreateHealthCheck', accountId: ACCOUNT, healthCheckId, callerReference: healthCheckId },
        config: { ...TCP, ...config },
      }),
    update: (healthCheckId: string, config: Partial<HealthCheckConfig>) =>
      run({ type: 'UpdateHealthCheck', accountId: ACCOUNT, healthCheckId, config, reset: [] }),
    drop: (healthCheckId: string) => run({ type: 'DeleteHealthCheck', accountId: ACCOUNT, healthCheckId }),
    setUp: (up: boolean) => {
      isUp = up;
    },
    /** Lets virtual time pass, and what was waiting for it happen. */
    async pass(ms: number) {
      await clock.run(clock.monotonic() + ms);
    },
  };
}

it('probes with three checkers in turn', async () => {
  const { create, pass, probes, checkers } = zone();
  create('a');
  await pass(20_500);
  checkers.close();
  const times = probes.map(({ at }) => at);
  expect(times.length).toBe(7);
  for (const [i, at] of times.entries()) expect(at - times[0]!).toBeCloseTo((i * 10_000) / 3, 3);
});

it('believes what most of them believe', async () => {
  const { create, pass, checkers, setUp } = zone();
  create('a');
  expect(checkers.status('a')).toBeUndefined();
  await pass(1000);
  expect(checkers.status('a')).toBeUndefined();
  await pass(9000);
  expect(checkers.status('a')).toBe('healthy');
  expect(checkers.newest('a').map(({ ipAddress }) => ipAddress)).toEqual(['127.0.2.1', '127.0.2.2', '127.0.2.3']);
  setUp(false);
  await pass(3000);
  expect(checkers.status('a')).toBe('healthy');
  // Two of three have seen it within two thirds of the interval.
  await pass(4000);
  expect(checkers.status('a')).toBe('unhealthy');
  expect(checkers.failures('a').length).toBeGreaterThanOrEqual(2);
  expect(checkers.failures('a')[0]).toMatchObject({ region: 'us-east-1', status: 'Failure: down' });
  setUp(true);
  await pass(7000);
  expect(checkers.status('a')).toBe('healthy');
  checkers.close();
});

it('turns only after as many results in a row as are asked for', async () => {
  const { create, pass, checkers, setUp } = zone();
  create('a', { failureThreshold: 3 });
  await pass(30_000);
  expect(checkers.status('a')).toBe('healthy');
  setUp(false);
  await pass(19_000);
  setUp(true);
  await pass(60_000);
  expect(checkers.status('a')).toBe('healthy');
  setUp(false);
  await pass(30_000);
  expect(checkers.status('a')).toBe('unhealthy');
  checkers.close();
});

it('follows what is changed, disabled and deleted', async () => {
  const { create, update, drop, pass, probes, checkers } = zone();
  create('a');
  await pass(10_000);
  update('a', { port: 10 });
  await pass(1000);
  expect(probes.at(-1)!.port).toBe(10);
  // What was known before the change is still believed.
  expect(checkers.status('a')).toBe('healthy');
  update('a', { disabled: true });
  await pass(1000);
  const count = probes.length;
  await pass(30_000);
  expect(probes.length).toBe(count);
  update('a', { disabled: false });
  await pass(1000);
  expect(probes.length).toBe(count + 1);
  drop('a');
  await pass(30_000);
  expect(probes.length).toBe(count + 1);
  expect(checkers.status('a')).toBeUndefined();
  checkers.close();
});

it('has no more than 256 probes under way', async () => {
  const { create, pass, probes, checkers } = zone(() => new Promise(() => {}));
  for (let i = 0; i < 100; i++) create(`c${i}`);
  await pass(30_000);
  expect(probes.length).toBe(256);
  expect(checkers.leftOut).toBeGreaterThan(0);
  checkers.close();
});
