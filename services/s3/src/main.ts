/**
 * S3 alone, with its index in memory and its bytes in a temporary folder: `node services/s3/src/main.ts`. Everything that
 * is not deterministic enters here.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createS3Service } from './app.ts';
import { openLocalStore } from './local-store.ts';
import { s3Upkeep } from './upkeep.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const sources = { clock: systemClock, random: systemRandom, logger };
const folder = await mkdtemp(join(tmpdir(), 'stormglass-s3-'));
const replica = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
const [store] = await Promise.all([openLocalStore({ folder, ...sources }), replica.start()]);
const iam = iamReplicaOf(replica, systemClock);

const zone = 'use1-az1';
const place = { region: 'us-east-1', zone, zones: [zone], lifecycleDayMs: DAY_MS };
const upkeep = s3Upkeep({ ...store, ...sources, lifecycleDayMs: DAY_MS });
upkeep.start();
const services = [createS3Service({ index: store.index, bytes: store.bytes, iam, ...place, ...sources })];
await serveUntilStopped('s3', standaloneHost({ services, iam, mounts: [upkeep.mount], ...sources }), async () => {
  await upkeep.stop();
  await Promise.all([store.close(), replica.close()]);
  await rm(folder, { recursive: true, force: true });
});
