import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { authorityFolder, CertificateAuthority } from '@stormglass/pki';
import { SimClock } from '@stormglass/testing';
import { afterAll, expect, it } from 'vitest';
import { siblingFolders, untilThereIsARoot } from './joined-root.ts';

const disk = mkdtempSync(join(tmpdir(), 'stormglass-joined-'));
afterAll(() => rmSync(disk, { recursive: true }));

it('waits until the other region has a root', async () => {
  const clock = new SimClock();
  let isThere = false;
  const [folder = ''] = siblingFolders(disk);
  const waiting = untilThereIsARoot([folder], clock, silentLogger).then(() => {
    isThere = true;
  });
  await clock.run(1000);
  mkdirSync(folder);
  await clock.run(2000);
  expect(isThere).toBe(false);
  const options = { partition: 'aws', region: 'us-east-1', disk: authorityFolder(folder), clock: systemClock };
  await CertificateAuthority.open({ ...options, random: seededRandom(1), logger: silentLogger });
  await clock.run(3000);
  await waiting;
});

it('waits for nobody where nobody is joined', async () => {
  expect(siblingFolders(undefined)).toEqual([]);
  await untilThereIsARoot([], new SimClock(), silentLogger);
});
