import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ShardIteratorType } from '@aws-sdk/client-dynamodb-streams';
import { RECORD_MS } from '@stormglass/item-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../testing/dynamodb-host.ts';
import { sequenceNumber } from '../shard-names.ts';
import { StreamReader } from '../testing/stream-reader.ts';
import { StreamsRig } from '../testing/streams-rig.ts';

const TABLE = 'iterated';
const COUNT = 5;

let rig: StreamsRig;
let reader: StreamReader;
/** The shard that has all records, and their numbers. */
let shard: string;
let numbers: readonly string[];

const put = (n: number) =>
  rig.host.root.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: 'same' }, n: { N: `${n}` } } }));

beforeAll(async () => {
  rig = await StreamsRig.start();
  reader = await rig.table(TABLE);
  for (let n = 0; n < COUNT; n++) await put(n);
  for (const { ShardId } of await reader.shards()) {
    const { records } = await reader.rest(await reader.iterator(ShardId!, 'TRIM_HORIZON'));
    if (records.length === 0) continue;
    shard = ShardId!;
    numbers = records.map(({ dynamodb }) => dynamodb!.SequenceNumber!);
  }
});
afterAll(() => rig.host.close());

const from = async (type: ShardIteratorType, number?: string) => {
  const { records } = await reader.rest(await reader.iterator(shard, type, number));
  return records.map(({ dynamodb }) => dynamodb!.SequenceNumber!);
};

describe('GetShardIterator', () => {
  it('begins at the oldest record, behind the newest, at one, or behind one', async () => {
    expect(numbers).toHaveLength(COUNT);
    expect(numbers.toSorted()).toEqual(numbers);
    expect(await from('TRIM_HORIZON')).toEqual(numbers);
    expect(await from('LATEST')).toEqual([]);
    expect(await from('AT_SEQUENCE_NUMBER', numbers[2])).toEqual(numbers.slice(2));
    expect(await from('AFTER_SEQUENCE_NUMBER', numbers[2])).toEqual(numbers.slice(3));
    expect(await from('AFTER_SEQUENCE_NUMBER', numbers.at(-1))).toEqual([]);
    const { StartingSequenceNumber } = (await reader.shards()).find(({ ShardId }) => ShardId === shard)!
      .SequenceNumberRange!;
    expect(await from('AT_SEQUENCE_NUMBER', StartingSequenceNumber)).toEqual(numbers);
  });

  it('has what comes behind LATEST', async () => {
    const iterator = await reader.iterator(shard, 'LATEST');
    await put(COUNT);
    const { records } = await reader.rest(iterator);
    expect(records.map(({ dynamodb }) => dynamodb!.NewImage!.n)).toEqual([{ N: `${COUNT}` }]);
  });

  it('refuses numbers that are missing, too many, or of another shard', async () => {
    const invalid = (message: unknown) => refusal('ValidationException', message);
    for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const)
      await expect(from(type)).rejects.toMatchObject(
        invalid(`SequenceNumber is required with ShardIteratorType ${type}`),
      );
    for (const type of ['TRIM_HORIZON', 'LATEST'] as const)
      await expect(from(type, numbers[0])).rejects.toMatchObject(
        invalid(`SequenceNumber must not be specified with ShardIteratorType ${type}`),
      );
    for (const number of ['9'.repeat(27), 'n'.repeat(27), sequenceNumber(99, 1)])
      await expect(from('AT_SEQUENCE_NUMBER', number)).rejects.toMatchObject(
        invalid(`Invalid SequenceNumber: ${number} is not in the shard`),
      );
    await expect(from('AT_SEQUENCE_NUMBER', '1')).rejects.toMatchObject(
      invalid(expect.stringContaining('length greater than or equal to 21')),
    );
    await expect(from('NEWEST' as 'LATEST')).rejects.toMatchObject(
      invalid(expect.stringContaining('Member must satisfy enum value set')),
    );
  });

  it('knows the shards of its stream only', async () => {
    for (const id of ['x'.repeat(30), 'shardId-00000000000000000001-00000099'])
      await expect(reader.iterator(id, 'LATEST')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const other = await rig.table('other');
    await expect(other.iterator(shard, 'LATEST')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const nowhere = new StreamReader(reader.client, `${reader.arn.slice(0, -1)}x`);
    await expect(nowhere.iterator(shard, 'LATEST')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses what is too old to be there', async () => {
    await rig.pass(RECORD_MS + 1000);
    reader = rig.reader(TABLE);
    const cells = [...rig.host.cells.values()];
    for (const cell of cells)
      await cell.execute({ type: 'CollectGarbage', limit: 100 }, { deadline: performance.now() + 5000 });
    for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const)
      await expect(from(type, numbers[0])).rejects.toMatchObject(refusal('TrimmedDataAccessException'));
    expect(await from('TRIM_HORIZON')).toEqual([]);
  });
});
