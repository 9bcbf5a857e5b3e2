/**
 * Account Management alone, on a log in memory: `node services/account/src/main.ts`. Everything that is not deterministic
 * enters here.
 */
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createAccountService } from './app.ts';

const sources = { clock: systemClock, random: systemRandom };
const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const replica = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), logger, ...sources });
await replica.start();

const services = [createAccountService({ replica, random: systemRandom })];
const iam = iamReplicaOf(replica, systemClock);
await serveUntilStopped('account', standaloneHost({ services, iam, logger, ...sources }), () => replica.close());
