/** The command line: what is read, and what is refused in one sentence. */
import { expect, it } from 'vitest';
import {
  dnsPortOption,
  dnsSettings,
  durationOption,
  numberOption,
  periodsOption,
  readCommandLine,
  regionLinksOption,
  regionsOption,
  throttleOption,
  UsageError,
} from './settings.ts';

const read = (text: string, env = {}) => readCommandLine(text.split(' '), env);

it('reads words, options and the environment', () => {
  const line = read('fault add latency latencyMs=5 --json --folder /f');
  expect(line).toMatchObject({ command: 'fault', words: ['add', 'latency', 'latencyMs=5'], json: true, folder: '/f' });
  expect(read('status', { STORMGLASS_FOLDER: '/g' }).folder).toBe('/g');
  expect(read('up --help').command).toBe('help');
});

it.each([
  ['status --brew', /^Unknown option '--brew'/],
  ['wait --timeout -1', /^Option '--timeout' argument is ambiguous\. [^\n]*$/],
  ['up use1-az1', 'up does not know what to do with use1-az1'],
])('refuses %s', (text, message) => {
  expect(() => read(text)).toThrow(UsageError);
  expect(() => read(text)).toThrow(message);
});

it('takes numbers within their bounds, and lengths of time with their units', () => {
  expect(numberOption('port', '80', 1, 0, 99)).toBe(80);
  for (const text of ['100', '-1', 'x', 'Infinity'])
    expect(() => numberOption('port', text, 1, 0, 99)).toThrow(/0 to 99/);
  expect(['500ms', '2s', '5m', '1h', '7'].map(text => durationOption('d', text))).toEqual([
    500, 2000, 300_000, 3.6e6, 7,
  ]);
  expect(() => durationOption('d', '5y')).toThrow(UsageError);
});

it('takes the port of DNS from the line, the environment, or the port of the region', () => {
  expect(dnsPortOption(read('up --dns-port 6000'), { STORMGLASS_DNS_PORT: '7000' }, 0)).toBe(6000);
  expect(dnsPortOption(read('up'), { STORMGLASS_DNS_PORT: '7000' }, 0)).toBe(7000);
  expect(dnsPortOption(read('up'), {}, 4566)).toBe(5300);
  expect(dnsPortOption(read('up'), {}, 0)).toBe(0);
});

it.each([
  ['up', {}, { ttlSeconds: 5 }],
  ['up --dns-ttl 60', { STORMGLASS_DNS_TTL: '7' }, { ttlSeconds: 60 }],
  ['up --dns-upstream 192.0.2.1', {}, { ttlSeconds: 5, upstream: { address: '192.0.2.1', port: 53 } }],
  ['up --dns-upstream 192.0.2.1:5353', {}, { ttlSeconds: 5, upstream: { address: '192.0.2.1', port: 5353 } }],
  ['up --dns-upstream 2001:db8::1', {}, { ttlSeconds: 5, upstream: { address: '2001:db8::1', port: 53 } }],
  [
    'up',
    { STORMGLASS_DNS_UPSTREAM: '[2001:db8::1]:5353' },
    { ttlSeconds: 5, upstream: { address: '2001:db8::1', port: 5353 } },
  ],
])('reads what resolvers are to do from %s and %o', (text, env, expected) => {
  expect(dnsSettings(read(text), env)).toEqual(expected);
});

it.each([
  ['--dns-ttl 1e9', /--dns-ttl must be a number from 0 to 86400/],
  ['--dns-upstream example.com:53', /--dns-upstream must be an address/],
  ['--dns-upstream 192.0.2.1:0', /--dns-upstream must be a number from 1/],
])('refuses %s', (text, message) => {
  expect(() => dnsSettings(read(`up ${text}`), {})).toThrow(message);
});

it.each([
  ['up', {}, undefined],
  ['up --throttle 100', {}, { ratePerSecond: 100, burst: 200 }],
  ['up --throttle 100:300', { STORMGLASS_THROTTLE: '1' }, { ratePerSecond: 100, burst: 300 }],
  ['up', { STORMGLASS_THROTTLE: '0.1' }, { ratePerSecond: 0.1, burst: 1 }],
])('reads how often accounts may call from %s and %o', (text, env, expected) => {
  expect(throttleOption(read(text), env)).toEqual(expected);
});

it.each([
  ['up', {}, {}],
  ['up --s3-day 5', { STORMGLASS_S3_DAY: '60' }, { lifecycleDayMs: 5000 }],
  ['up --s3-grace 5', { STORMGLASS_S3_DAY: '60' }, { lifecycleDayMs: 60_000, objectGraceMs: 5000 }],
  ['up', { STORMGLASS_S3_GRACE: '2' }, { objectGraceMs: 2000 }],
  ['up --trail-delivery 1', { STORMGLASS_TRAIL_DELIVERY: '2' }, { trailDeliveryMs: 1000 }],
])('reads after how long zones do what nobody asks for from %s and %o', (text, env, expected) => {
  expect(periodsOption(read(text), env)).toEqual(expected);
});

it.each(['--s3-day 0', '--s3-day 5s', '--s3-day 86401', '--s3-grace 0'])('refuses %s', text => {
  expect(() => periodsOption(read(`up ${text}`), {})).toThrow(UsageError);
});

it.each(['0', 'much', '10:0', '10:', '1e9:1', '9999999'])('refuses --throttle %s', text => {
  expect(() => throttleOption(read(`up --throttle ${text}`), {})).toThrow(UsageError);
});

it.each([
  ['up', {}, ['us-east-1']],
  ['up --region eu-west-1', { STORMGLASS_REGIONS: 'us-west-2' }, ['eu-west-1']],
  ['up --regions us-east-1,ap-southeast-2', {}, ['us-east-1', 'ap-southeast-2']],
  ['up', { STORMGLASS_REGIONS: 'us-east-1,us-west-2' }, ['us-east-1', 'us-west-2']],
])('reads the regions from %s and %o', (text, env, expected) => {
  expect(regionsOption(read(text), env)).toEqual(expected);
});

it('reads what lies between regions', () => {
  expect(regionLinksOption(read('up'), {})).toEqual({ latencyMs: 60, bytesPerSecond: undefined });
  const given = read('up --region-latency 0 --region-bandwidth 1e6');
  expect(regionLinksOption(given, { STORMGLASS_REGION_LATENCY: '5' })).toEqual({ latencyMs: 0, bytesPerSecond: 1e6 });
  expect(() => regionLinksOption(read('up --region-bandwidth 0'), {})).toThrow('--region-bandwidth must be');
});

it.each(['--regions us-east-1,', '--regions ,', '--region a --regions b'])('refuses %s', text => {
  expect(() => regionsOption(read(`up ${text}`), {})).toThrow(UsageError);
});
