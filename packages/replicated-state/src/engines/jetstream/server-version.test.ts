import { expect, it } from 'vitest';
import { assertServerVersion, ServerTooOld } from './server-version.ts';

it('accepts the minimum and everything newer', () => {
  for (const version of ['2.10.27', '2.10.28', '2.11.0', '2.15.1', '3.0.0', 'v2.12.0-RC.1'])
    assertServerVersion(version);
});

it('refuses what is older, and what it cannot read, naming both versions', () => {
  for (const version of ['2.9.10', '2.10.26', '1.99.99', '']) {
    expect(() => assertServerVersion(version)).toThrow(ServerTooOld);
  }
  expect(() => assertServerVersion('2.9.10')).toThrow(/2\.9\.10.*2\.10\.27/);
});
