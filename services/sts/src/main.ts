/**
 * STS alone, on an IAM log in memory that holds nobody but the development credentials:
 * `node services/sts/src/main.ts`. Everything that is not deterministic enters here.
 */
import { lookup } from 'node:dns/promises';
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createStsService } from './app.ts';
import { keepTokenKeys } from './token-key.ts';
import { issuerFetch } from './web-identity/issuer-fetch.ts';

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const sources = { clock: systemClock, random: systemRandom, logger };
const log = new MemoryLog(systemClock).open();
const replica = new Replica({ machine: new IamState(), log, ...sources });
await replica.start();
const stopping = new AbortController();
const keyed = keepTokenKeys({ replica, signal: stopping.signal, clock: systemClock, random: systemRandom });

const iam = iamReplicaOf(replica, systemClock);
const fetchIssuer = issuerFetch(async name => (await lookup(name, 4)).address, systemClock);
const services = [createStsService({ replica, clock: systemClock, random: systemRandom, fetchIssuer })];
await serveUntilStopped('sts', standaloneHost({ services, iam, ...sources }), async () => {
  stopping.abort();
  await keyed;
  await replica.close();
});
