/** Faults in hosts as they are asked for: what is understood, what is refused, and what a host does with it. */
import { expect, it } from 'vitest';
import type { CallAccess } from './call-faults.ts';
import { controlPlaneRules } from './control-plane-outage.ts';
import { type AroundSettings, HOST_FAULTS, parseHostFault } from './host-faults.ts';
import { HostFaults } from './host-rules.ts';

const parse = (name: string, settings: Record<string, unknown> = {}, around: AroundSettings = {}) =>
  parseHostFault(HOST_FAULTS.get(name)!, settings, around);

it('reads settings of a command line', () => {
  expect(parse('cpu-limit', { share: '0.25' })).toEqual({ share: 0.25 });
  expect(parse('disk-full')).toEqual({});
  expect(parse('dns-delay', { delayMs: '20', names: 'a.b' }, { seed: 4 })).toEqual({
    ...{ names: ['a.b'], probability: 1, seed: 4, delayMs: 20, jitterMs: 0 },
  });
  const call = { service: 'iam', 'error.code': 'ThrottlingException', 'error.statusCode': '400', probability: '0.5' };
  expect(parse('call', call, { zone: 'z', durationMs: 5, seed: 1 })).toEqual({
    ...{ service: 'iam', probability: 0.5, error: { code: 'ThrottlingException', statusCode: 400 } },
    ...{ zone: 'z', durationMs: 5, seed: 1 },
  });
});

it('refuses settings that nobody reads, or that are out of bounds', () => {
  expect(() => parse('disk-full', { hard: 1 })).toThrow('disk-full has no setting hard; known are none');
  expect(() => parse('cpu-limit', { share: 0 })).toThrow('share must be a number from 0.01 to 1');
  expect(() => parse('dns-timeout', { delayMs: 1 })).toThrow(
    'dns-timeout has no setting delayMs; known are probability',
  );
  expect(() => parse('call', { 'error.colour': 'red' })).toThrow('error has no field colour');
  expect(() => parse('call-latency', {})).toThrow('latencyMs must be a number');
});

it('a control plane that is gone refuses what changes something, of all that it serves', () => {
  expect(parse('control-plane-outage')).toEqual({ service: 'iam' });
  expect(() => parse('control-plane-outage', { service: '' })).toThrow('service must be');
  const host = new HostFaults('a');
  const calls = controlPlaneRules('iam').map(rule => ({ id: 'x', rule }));
  // Told twice, as hosts are.
  for (let i = 0; i < 2; i++) host.replace({ skewMs: 0, diskFull: false, dns: [], calls, callLatencyMs: 0 });
  const call = { operation: 'Any', region: 'us-east-1', callerRole: undefined, callerArns: [] };
  const met = (service: string, access: CallAccess) => host.calls.meet({ ...call, service: [service], access });
  const refused = { id: 'x', delayMs: 0, error: { statusCode: 503, code: 'ServiceUnavailable' } };
  expect([met('IAM', 'write'), met('Account', 'write')]).toEqual([refused, refused]);
  const others = [met('IAM', 'read'), met('IAM', 'data-write'), met('STS', 'read'), met('Route 53', 'write')];
  expect(others).toEqual(Array(4).fill(undefined));
});

it('a host does what it was told last', () => {
  const host = new HostFaults('a');
  const none = { skewMs: 0, diskFull: false, dns: [], calls: [], callLatencyMs: 0 };
  host.replace({ ...none, skewMs: 7, diskFull: true, calls: [{ id: 'x', rule: {} }] });
  expect(host.skewMs).toBe(7);
  expect(host.beforeWrite).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  expect(host.calls.isIdle).toBe(false);
  host.replace(none);
  expect(host.skewMs).toBe(0);
  expect(host.beforeWrite()).toBe(undefined);
  expect(host.calls.isIdle).toBe(true);
});
