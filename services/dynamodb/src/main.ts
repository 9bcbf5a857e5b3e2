/**
 * DynamoDB alone, with its state in memory: `node services/dynamodb/src/main.ts`. Everything that is not deterministic
 * enters here.
 */
import { jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, serveUntilStopped, standaloneHost } from '@stormglass/service-kit';
import { createDynamoDbService } from './app.ts';
import { CellKeeper } from './driver/cell-keeper.ts';
import { countsIn } from './driver/counts.ts';
import { openLocalCells } from './local-cells.ts';
import { createDynamoDbStreamsService } from './streams/index.ts';

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');
const sources = { clock: systemClock, random: systemRandom, logger };
const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
const [local] = await Promise.all([openLocalCells(sources), iam.start()]);
const { catalogue, cells } = local;
const keeper = new CellKeeper({ cellReplicas: cells, ...sources, intervalMs: 1000, zone: 0, zones: 1 });
local.driver.start();
keeper.start();

const deps = { catalogue, cellReplicas: cells, cells: [...cells.keys()], counts: countsIn(cells), ...sources };
const services = [createDynamoDbService(deps), createDynamoDbStreamsService(deps)];
const host = standaloneHost({ services, iam: iamReplicaOf(iam, systemClock), ...sources });
await serveUntilStopped('dynamodb', host, async () => {
  await keeper.stop();
  await Promise.all([local.close(), iam.close()]);
});
