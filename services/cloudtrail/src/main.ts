/**
 * CloudTrail alone, on a log in memory: `node services/cloudtrail/src/main.ts`. It records its own calls. Everything that
 * is not deterministic enters here.
 */
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createCloudTrailService } from './app.ts';
import { recordEvents } from './record-events.ts';
import { CloudTrailState } from './state/state.ts';

const sources = { clock: systemClock, random: systemRandom };
const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), logger, ...sources });
const replica = new Replica({
  machine: new CloudTrailState(),
  log: new MemoryLog(systemClock).open(),
  logger,
  ...sources,
});
await Promise.all([iam.start(), replica.start()]);

const host = standaloneHost({
  services: [createCloudTrailService({ replica })],
  iam: iamReplicaOf(iam, systemClock),
  audit: { record: event => recordEvents(replica, systemClock, [event]) },
  logger,
  ...sources,
});
await serveUntilStopped('cloudtrail', host, async () => {
  await Promise.all([iam.close(), replica.close()]);
});
