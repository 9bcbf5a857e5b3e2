/** The folder a region is given: what cannot be used is said in one sentence, and forgetting touches nothing foreign. */
import { closeSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@stormglass/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StateFolder, StateFolderError } from './state-folder.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'stormglass-folder-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function used(path: string): StateFolder {
  const folder = new StateFolder(path);
  closeSync(folder.openOutput());
  folder.prepare();
  folder.writeRegion({ region: 'us-east-1', engine: 'embedded', logIds: {} });
  const other = folder.regionFolder('eu-west-1');
  other.prepareDisk();
  other.writeRegion({ region: 'eu-west-1', engine: 'embedded', logIds: { iam: 'a' } });
  return folder;
}

it('goes as a whole when it has nothing but the region', () => {
  const folder = used(join(base, 'region'));
  folder.erase();
  expect([existsSync(folder.path), existsSync(folder.runFolder)]).toEqual([false, false]);
  expect(() => folder.erase()).not.toThrow();
});

it('makes one key for the objects of a region, and never another in its place', () => {
  const folder = used(join(base, 'region'));
  const key = folder.objectKey(seededRandom(1));
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(folder.objectKey(seededRandom(2))).toBe(key);
  writeFileSync(join(folder.path, 'object-key'), key.slice(4));
  expect(() => folder.objectKey(seededRandom(3))).toThrow(/object-key is damaged/);
});

it('keeps each region for itself, and the logs of all together', () => {
  const folder = used(join(base, 'region'));
  expect(folder.readRegion()).toMatchObject({ region: 'us-east-1', logIds: {} });
  const other = folder.regionFolder('eu-west-1');
  expect(other.readRegion()).toMatchObject({ region: 'eu-west-1', logIds: { iam: 'a' } });
  expect(other.zoneFolder('euw1-az1')).toBe(join(folder.path, 'regions/eu-west-1/zones/euw1-az1'));
  expect(other.logFile('euw1-az1')).toBe(join(folder.path, 'logs/euw1-az1.log'));
});

it('keeps what is not the region’s when the region is forgotten', () => {
  const folder = used(base);
  writeFileSync(join(base, 'thesis.txt'), 'years of work');
  folder.erase();
  expect(readdirSync(base)).toEqual(['thesis.txt']);
});

it('is refused below a file, in words', () => {
  const file = join(base, 'file');
  writeFileSync(file, '');
  for (const use of [(f: StateFolder) => f.prepare(), (f: StateFolder) => f.openOutput()]) {
    expect(() => use(new StateFolder(join(file, 'region')))).toThrow(StateFolderError);
    expect(() => use(new StateFolder(join(file, 'region')))).toThrow(/is not a folder; choose another one/);
  }
});
