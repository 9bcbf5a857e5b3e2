/**
 * DynamoDB alone, with its state in memory: `node services/dynamodb/src/main.ts`. Everything that is not deterministic
 * enters here.
 */
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createDynamoDbService } from './app.ts';
import { countsIn } from './driver/counts.ts';
import { openLocalCells } from './local-cells.ts';

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const sources = { clock: systemClock, random: systemRandom, logger };
const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
const [local] = await Promise.all([openLocalCells(sources), iam.start()]);
local.driver.start();

const { catalogue, cells } = local;
const deps = { catalogue, cellReplicas: cells, cells: [...cells.keys()], counts: countsIn(cells), ...sources };
const service = createDynamoDbService(deps);
const host = standaloneHost({ services: [service], iam: iamReplicaOf(iam, systemClock), ...sources });
await serveUntilStopped('dynamodb', host, async () => {
  await Promise.all([local.close(), iam.close()]);
});
