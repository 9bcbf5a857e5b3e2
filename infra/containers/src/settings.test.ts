import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

it('needs a role alone', () => {
  expect(readSettings('iam', {})).toMatchObject({
    ...{ role: 'iam', zone: 'use1-az1', to: '', log: 'jetstream', folder: '/var/lib/stormglass' },
    ...{ dnsTtlSeconds: 5, dnsUpstream: undefined, throttle: undefined, periods: {} },
  });
  expect(readSettings('world', {}).zone).toBe('*');
});

it('takes what it is told', () => {
  const told = readSettings('link', {
    ...{ STORMGLASS_REGION: 'ap-southeast-2', STORMGLASS_ZONE: 'apse2-az3', STORMGLASS_TO: 'apse2-az1' },
    ...{ STORMGLASS_S3_DAY: '10', STORMGLASS_S3_GRACE: '1.5', STORMGLASS_TRAIL_DELIVERY: '60' },
    ...{ STORMGLASS_LOG: 'etcd', STORMGLASS_THROTTLE: '10:20', STORMGLASS_DNS_UPSTREAM: '192.0.2.1:5353' },
  });
  expect(told).toMatchObject({
    ...{ zone: 'apse2-az3', to: 'apse2-az1', log: 'etcd', throttle: { ratePerSecond: 10, burst: 20 } },
    periods: { lifecycleDayMs: 10_000, objectGraceMs: 1500, trailDeliveryMs: 60_000 },
    dnsUpstream: { address: '192.0.2.1', port: 5353 },
  });
  expect(told.region.zones.map(({ id }) => id)).toEqual(['apse2-az1', 'apse2-az2', 'apse2-az3']);
});

it('knows the regions it has gateways to', () => {
  const env = { STORMGLASS_REGION: 'ap-southeast-2', STORMGLASS_OTHER_REGIONS: 'us-east-1:3,eu-west-1:1' };
  const told = readSettings('gateway', { ...env, STORMGLASS_TO: 'eu-west-1', STORMGLASS_REGION_LATENCY: '120' });
  expect(told).toMatchObject({ zone: '*', to: 'eu-west-1', regionLatencyMs: 120, regionBytesPerSecond: undefined });
  expect(told.otherRegions.map(({ name, zones }) => [name, zones.length])).toEqual([
    ['us-east-1', 3],
    ['eu-west-1', 1],
  ]);
  expect(readSettings('iam', {})).toMatchObject({ otherRegions: [], regionLatencyMs: 0, joinedFolder: undefined });
});

describe('refuses', () => {
  it.each([
    ['no role', undefined, {}, 'the role must be one of'],
    ['an unknown role', 'brew', {}, 'the role must be one of'],
    ['an unknown region', 'iam', { STORMGLASS_REGION: 'mars' }, 'mars is not the name of a region'],
    ['a zone of another region', 'iam', { STORMGLASS_ZONE: 'apse2-az1' }, 'STORMGLASS_ZONE must be one of use1-az1'],
    ['too many zones', 'iam', { STORMGLASS_ZONE_COUNT: '99' }, 'STORMGLASS_ZONE_COUNT'],
    ['an unknown log', 'iam', { STORMGLASS_LOG: 'paper' }, 'STORMGLASS_LOG must be one of jetstream, etcd'],
    ['a name for an address', 'iam', { STORMGLASS_DNS_UPSTREAM: 'dns' }, 'STORMGLASS_DNS_UPSTREAM must be an address'],
    ['regions without zones', 'iam', { STORMGLASS_OTHER_REGIONS: 'eu-west-1' }, 'must be of NAME:ZONES'],
    ['another partition', 'iam', { STORMGLASS_OTHER_REGIONS: 'cn-north-1:3' }, 'cn-north-1 is no other region of aws'],
    ['itself as another', 'iam', { STORMGLASS_OTHER_REGIONS: 'us-east-1:3' }, 'us-east-1 is no other region of aws'],
    ['a gateway to nowhere', 'gateway', {}, 'STORMGLASS_TO must be one of'],
    ['a day without end', 's3', { STORMGLASS_S3_DAY: '86401' }, 'STORMGLASS_S3_DAY must be a number of seconds'],
    ['a word for seconds', 's3', { STORMGLASS_S3_GRACE: 'soon' }, 'STORMGLASS_S3_GRACE must be a number of seconds'],
    ['no rate', 'iam', { STORMGLASS_THROTTLE: 'much' }, 'no rate'],
  ])('%s', (_what, role, env, message) => {
    expect(() => readSettings(role, env)).toThrow(message);
  });
});
