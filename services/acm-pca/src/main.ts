/**
 * ACM-PCA alone, with an authority in memory: `node services/acm-pca/src/main.ts`. Everything that is not deterministic
 * enters here.
 */
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import {
  iamReplicaOf,
  issuerOf,
  serveUntilStopped,
  standaloneAuthority,
  standaloneHost,
} from '@stormglass/service-kit';
import { createAcmPcaService } from './app.ts';

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const sources = { clock: systemClock, random: systemRandom, logger };
const replica = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
await replica.start();

const services = [createAcmPcaService({ issuer: issuerOf(await standaloneAuthority(sources)) })];
const host = standaloneHost({ services, iam: iamReplicaOf(replica, systemClock), ...sources });
await serveUntilStopped('acm-pca', host, () => replica.close());
