/** The command line: what is read, and what is refused in one sentence. */
import { expect, it } from 'vitest';
import { dnsPortOption, durationOption, numberOption, readCommandLine, UsageError } from './settings.ts';

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
