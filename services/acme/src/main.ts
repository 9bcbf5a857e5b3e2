/**
 * ACME alone, with a log and an authority in memory: `node services/acme/src/main.ts`. Names are those that the machine
 * knows. Everything that is not deterministic enters here.
 */
import { Resolver } from 'node:dns/promises';
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
import { startAcme } from './app.ts';
import { AcmeState } from './state/state.ts';

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const sources = { clock: systemClock, random: systemRandom, logger };
const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
const replica = new Replica({ machine: new AcmeState(), log: new MemoryLog(systemClock).open(), ...sources });
await Promise.all([iam.start(), replica.start()]);

const resolver = new Resolver();
const acme = startAcme({
  ...{ replica, ...sources, zone: 'us-east-1a', deadlineMs: 5000 },
  issuer: issuerOf(await standaloneAuthority(sources)),
  httpPort: Number(process.env.ACME_HTTP_PORT ?? 80),
  async resolve(name, type) {
    const found = (await resolver.resolve(name, type)) as readonly unknown[];
    return found.map(data => ({ type, data }));
  },
});
const host = standaloneHost({ services: [], iam: iamReplicaOf(iam, systemClock), ...sources, mounts: [acme.mount] });
await serveUntilStopped('acme', host, async () => {
  await acme.close();
  await Promise.all([iam.close(), replica.close()]);
});
