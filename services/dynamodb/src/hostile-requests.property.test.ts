/**
 * Spoiled requests for every operation, signed as good ones are: each gets an answer or one of DynamoDB's errors, none is
 * a surprise to the service, and what none was about is as it was. `STORMGLASS_MUTATIONS=50000` is the full measure.
 */
import type { WireResponse } from '@stormglass/aws-wire';
import { jsonLogger, pick, seededRandom, systemClock } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { bodyOf, iamReplicaOf, type Pipeline, standalonePipeline } from '@stormglass/service-kit';
import { signBody } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDbService } from './app.ts';
import { countsIn } from './driver/counts.ts';
import { type LocalCells, openLocalCells } from './local-cells.ts';
import { createDynamoDbStreamsService } from './streams/index.ts';
import { ACCOUNT } from './testing/dynamodb-host.ts';
import { spoiled } from './testing/hostile-json.ts';
import { ANY, SAMPLES, TABLES, UNTOUCHED } from './testing/sample-requests.ts';

const COUNT = Number(process.env.STORMGLASS_MUTATIONS ?? 600);
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
/** What is made is removed after so many, or tables would become more and more. */
const ROUND = 250;
const TIME_LIMIT_MS = 60_000 + COUNT * 20;
const CALM: ReadonlySet<string> = new Set([
  ...['ValidationException', 'SerializationException', 'ResourceNotFoundException', 'ResourceInUseException'],
  ...['ConditionalCheckFailedException', 'TransactionCanceledException', 'LimitExceededException'],
  ...[
    'IdempotentParameterMismatchException',
    'PolicyNotFoundException',
    'AccessDeniedException',
    'DuplicateItemException',
  ],
  ...[
    'ProvisionedThroughputExceededException',
    'TableNotFoundException',
    'TableInUseException',
    'BackupNotFoundException',
  ],
  ...['TableAlreadyExistsException', 'BackupInUseException', 'PointInTimeRecoveryUnavailableException'],
  ...['InvalidRestoreTimeException', 'ContinuousBackupsUnavailableException', 'TransactionConflictException'],
  ...[
    'TransactionInProgressException',
    'ExpiredIteratorException',
    'TrimmedDataAccessException',
    'UnknownOperationException',
  ],
]);

/** Lines of the log at `warn` and above: nothing here should write one. */
const told: string[] = [];
const logger = jsonLogger(systemClock, line => told.push(line), 'warn');
const sources = { clock: systemClock, random: seededRandom(SEED), logger };
const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
let local: LocalCells;
let pipeline: Pipeline;
let operations: readonly (readonly [target: string, samples: readonly object[]])[];

beforeAll(async () => {
  [local] = await Promise.all([openLocalCells(sources), iam.start()]);
  const { catalogue, cells } = local;
  const deps = { catalogue, cellReplicas: cells, cells: [...cells.keys()], counts: countsIn(cells), ...sources };
  const services = [createDynamoDbService(deps), createDynamoDbStreamsService(deps)];
  pipeline = standalonePipeline({ services, iam: iamReplicaOf(iam, systemClock), ...sources });
  operations = services.flatMap(({ model }) =>
    [...model.operations.keys()].map(name => [`${model.targetPrefix}.${name}`, SAMPLES[name] ?? ANY] as const),
  );
  for (const table of TABLES) await good('CreateTable', table);
  await settle();
  await good('PutItem', { TableName: UNTOUCHED, Item: ITEM });
});
afterAll(() => Promise.all([local?.close(), iam.close()]));

const ITEM = { id: { S: 'here' }, text: { S: 'as it was' } };
const SIGNER = { accessKeyId: ACCOUNT, secretAccessKey: 'test', region: 'us-east-1', service: 'dynamodb' };
const ORIGIN = { remoteAddress: '127.0.0.1', isSecure: false };

async function answerTo(target: string, body: Buffer): Promise<WireResponse> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  const request = signBody(SIGNER, body, { nowMs: systemClock.now(), headers });
  return pipeline.handle(request, bodyOf(body), ORIGIN);
}

async function good(name: string, body: object): Promise<Record<string, unknown>> {
  const response = await answerTo(`DynamoDB_20120810.${name}`, Buffer.from(JSON.stringify(body)));
  expect([response.status, name], String(response.body)).toEqual([200, name]);
  return JSON.parse(String(response.body));
}

async function settle(): Promise<void> {
  while ([...local.catalogue.view.unsettled()].length > 0) await local.driver.round();
}

/** What is wrong with an answer, whatever the request was. */
function complaint({ status, headers, body }: WireResponse): string | undefined {
  const text = String(body);
  const { __type: type = '' } = JSON.parse(text) as { __type?: string };
  if (headers['x-amzn-requestid'] === undefined || headers['x-amz-crc32'] === undefined) return 'headers are missing';
  if (status === 200) return type === '' ? undefined : text;
  const code = type.slice(type.indexOf('#') + 1);
  return status === 400 && (CALM.has(code) || code.endsWith('NotFoundException'))
    ? undefined
    : `${status} ${text.slice(0, 300)}`;
}

/** Removes tables that were made on the way, and makes the one that changes of tables are about. */
async function cleared(): Promise<void> {
  await settle();
  const { TableNames } = await good('ListTables', {});
  for (const TableName of TableNames as string[]) {
    if (TABLES.some(table => table.TableName === TableName)) continue;
    await answerTo(
      'DynamoDB_20120810.UpdateTable',
      Buffer.from(JSON.stringify({ TableName, DeletionProtectionEnabled: false })),
    );
    await settle();
    await good('DeleteTable', { TableName });
  }
  await settle();
  await good('CreateTable', SAMPLES.CreateTable![0]!);
  await settle();
}

it('starts from good requests', async () => {
  await cleared();
  const refused: string[] = [];
  for (const [name, samples] of Object.entries(SAMPLES))
    for (const sample of samples) {
      const { body } = await answerTo(`DynamoDB_20120810.${name}`, Buffer.from(JSON.stringify(sample)));
      if (/#?(Validation|Serialization|UnknownOperation)Exception/.test(String(body))) refused.push(`${name} ${body}`);
      await settle();
    }
  expect(refused).toEqual([]);
});

it(`${COUNT} spoiled requests (seed ${SEED})`, { timeout: TIME_LIMIT_MS }, async () => {
  const wrong: string[] = [];
  const codes = new Map<number, number>();
  let warmBytes = 0;
  await cleared();
  for (let n = 0; n < COUNT && wrong.length < 5; n++) {
    const random = seededRandom(SEED * 1_000_003 + n);
    const [target, samples] = operations[n % operations.length]!;
    const body = spoiled(pick(random, samples), random);
    const response = await answerTo(target, body);
    codes.set(response.status, (codes.get(response.status) ?? 0) + 1);
    const problem = complaint(response);
    if (problem !== undefined || told.length > 0)
      wrong.push(
        `${n} ${target}: ${problem} ${told.splice(0).join('').slice(0, 1500)} ${body.toString('latin1').slice(0, 800)}`,
      );
    if (n % ROUND === ROUND - 1) await cleared();
    if (n === Math.floor(COUNT / 3)) warmBytes = process.memoryUsage().rss;
  }
  expect(wrong).toEqual([]);
  // Spoiled is not the same as wrong: some still say something.
  expect(Math.min(codes.get(200) ?? 0, codes.get(400) ?? 0)).toBeGreaterThan(COUNT / 50);
  await cleared();
  expect(await good('GetItem', { TableName: UNTOUCHED, Key: { id: ITEM.id } })).toEqual({ Item: ITEM });
  expect(told).toEqual([]);
  expect(process.memoryUsage().rss).toBeLessThan(warmBytes * 1.5 + 128 * 1024 * 1024);
});
