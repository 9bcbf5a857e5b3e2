/**
 * Route 53 alone, on a log in memory: `node services/route53/src/main.ts`. Nobody probes: all health checks are healthy.
 * Everything that is not deterministic enters here.
 */
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { HostedZonesState, healthOf, ZoneLookup } from '@stormglass/hosted-zones';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createRoute53Service } from './app.ts';
import { noObservations } from './health-checkers/observation.ts';

const sources = { clock: systemClock, random: systemRandom };
const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), logger, ...sources });
const replica = new Replica({
  machine: new HostedZonesState(),
  log: new MemoryLog(systemClock).open(),
  logger,
  ...sources,
});
await Promise.all([iam.start(), replica.start()]);

const { view } = replica;
const lookup = new ZoneLookup({ view, isHealthy: healthOf(view, () => undefined), random: systemRandom });
const nameServers = [1, 2, 3, 4].map(n => `ns-${n}.us-east-1.stormglass.internal`);
const services = [
  createRoute53Service({ replica, random: systemRandom, nameServers, lookup, observations: noObservations }),
];
const host = standaloneHost({ services, iam: iamReplicaOf(iam, systemClock), logger, ...sources });
await serveUntilStopped('route53', host, async () => {
  await Promise.all([iam.close(), replica.close()]);
});
