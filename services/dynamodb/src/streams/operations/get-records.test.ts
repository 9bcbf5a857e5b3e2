import {
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { silentLogger } from '@stormglass/base';
import { RECORD_MS } from '@stormglass/item-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CellKeeper } from '../../driver/cell-keeper.ts';
import { refusal } from '../../testing/dynamodb-host.ts';
import type { StreamReader } from '../testing/stream-reader.ts';
import { StreamsRig } from '../testing/streams-rig.ts';

const MINUTE_MS = 60_000;
const KB = 1024;

let rig: StreamsRig;
beforeAll(async () => {
  rig = await StreamsRig.start();
});
afterAll(() => rig.host.close());

const key = (id: string) => ({ id: { S: id } });
const put = (TableName: string, id: string, more: Record<string, { S: string } | { N: string } | { B: Buffer }> = {}) =>
  rig.host.root.send(new PutItemCommand({ TableName, Item: { ...key(id), ...more } }));
const remove = (TableName: string, id: string) =>
  rig.host.root.send(new DeleteItemCommand({ TableName, Key: key(id) }));

/** The shard that has records. */
async function busyShard(reader: StreamReader): Promise<string> {
  for (const { ShardId } of await reader.shards()) {
    const { Records } = await reader.read(await reader.iterator(ShardId!, 'TRIM_HORIZON'));
    if (Records!.length > 0) return ShardId!;
  }
  throw new Error('there are no records');
}

const imagesOf = ({ eventName, dynamodb: { OldImage, NewImage } = {} }: _Record) => [eventName, OldImage, NewImage];

describe('GetRecords', () => {
  it.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', false, true],
    ['OLD_IMAGE', true, false],
    ['NEW_AND_OLD_IMAGES', true, true],
  ] as const)('shows with %s what that means', async (view, hasOld, hasNew) => {
    const name = `view-${view}`;
    const reader = await rig.table(name, view);
    const [one, two] = [
      { ...key('a'), b: { B: Buffer.from('bytes') } },
      { ...key('a'), n: { N: '1' } },
    ];
    await put(name, 'a', { b: one.b });
    await put(name, 'a', { n: { N: '1.0' } });
    await put(name, 'a', { n: { N: '1' } });
    await remove(name, 'a');
    const records = await reader.all();
    const [old, now] = [(item: object) => (hasOld ? item : undefined), (item: object) => (hasNew ? item : undefined)];
    expect(records.map(imagesOf)).toEqual([
      ['INSERT', undefined, now(one) && { ...one, b: { B: new Uint8Array(one.b.B) } }],
      ['MODIFY', old(one) && { ...one, b: { B: new Uint8Array(one.b.B) } }, now(two)],
      ['REMOVE', old(two), undefined],
    ]);
    for (const { eventID, eventVersion, eventSource, awsRegion, userIdentity, dynamodb } of records) {
      expect(eventID).toMatch(/^[0-9a-f]{32}$/);
      expect({ eventVersion, eventSource, awsRegion }).toEqual({
        ...{ eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion: 'us-east-1' },
      });
      expect(userIdentity).toBeUndefined();
      expect(dynamodb).toMatchObject({ Keys: key('a'), StreamViewType: view });
      expect(dynamodb!.ApproximateCreationDateTime!.getMilliseconds()).toBe(0);
    }
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3);
    const sizes = records.map(({ dynamodb }) => dynamodb!.SizeBytes!);
    const own = 3;
    expect(sizes[0]).toBe(own + (hasNew ? own + 6 : 0));
    expect(sizes[2]).toBe(own + (hasOld ? own + 3 : 0));
  });

  it('has nothing of writes that change nothing or are refused, and all of a transaction', async () => {
    const name = 'quiet';
    const reader = await rig.table(name);
    await put(name, 'a');
    await put(name, 'a');
    await remove(name, 'nothing');
    await rig.host.root.send(new UpdateItemCommand({ TableName: name, Key: key('a') }));
    const isNew = { ConditionExpression: 'attribute_not_exists(id)' };
    const transact = (ids: readonly string[]) => {
      const TransactItems = ids.map(id => ({ Put: { TableName: name, Item: key(id), ...isNew } }));
      return rig.host.root.send(new TransactWriteItemsCommand({ TransactItems }));
    };
    await expect(transact(['b', 'c', 'a'])).rejects.toThrow();
    await transact(['d', 'e', 'f']);
    const ids = (await reader.all()).map(({ dynamodb }) => dynamodb!.Keys!.id!.S).sort();
    expect(ids).toEqual(['a', 'd', 'e', 'f']);
  });

  it('reads so many at once, or a megabyte, and goes on from there', async () => {
    const name = 'pages';
    const reader = await rig.table(name);
    for (let n = 0; n < 7; n++) await put(name, 'same', { n: { N: `${n}` }, text: { S: 'x'.repeat(100 * KB) } });
    const start = await reader.iterator(await busyShard(reader), 'TRIM_HORIZON');
    const [first, again] = [await reader.read(start, 2), await reader.read(start, 2)];
    expect(again.Records).toEqual(first.Records);
    const read: _Record[] = [];
    const counts: number[] = [];
    for (let next: string | undefined = start; next !== undefined; ) {
      const { Records, NextShardIterator }: Awaited<ReturnType<StreamReader['read']>> = await reader.read(next);
      if (Records!.length === 0) break;
      read.push(...Records!);
      counts.push(Records!.length);
      next = NextShardIterator;
    }
    expect(read.map(({ dynamodb }) => dynamodb!.NewImage!.n!.N)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    // Two images of 100 KB each, but for the first one.
    expect(counts).toEqual([5, 2]);
    await expect(reader.read(start, 1001)).rejects.toMatchObject(
      refusal('ValidationException', expect.stringContaining("Value '1001' at 'limit' failed to satisfy constraint")),
    );
  });

  it('ends with a shard that is closed', async () => {
    const name = 'closed';
    const reader = await rig.table(name);
    await put(name, 'a');
    const shard = await busyShard(reader);
    const { Records, NextShardIterator: open } = await reader.read(await reader.iterator(shard, 'TRIM_HORIZON'));
    expect(Records).toHaveLength(1);
    await put(name, 'a', { n: { N: '1' } });
    await rig.disable(name);
    await put(name, 'a', { n: { N: '2' } });
    const last = await reader.read(open!);
    expect(last.Records!.map(({ eventName }) => eventName)).toEqual(['MODIFY']);
    expect(last.NextShardIterator).toBeUndefined();
    const behind = await reader.read(await reader.iterator(shard, 'LATEST'));
    expect(behind).toMatchObject({ Records: [] });
    expect(behind.NextShardIterator).toBeUndefined();
  });

  it('tells deletions by the time to live from others', async () => {
    const name = 'mortal';
    const reader = await rig.table(name, 'OLD_IMAGE');
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'ends' };
    await rig.host.root.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
    await rig.host.settle();
    await put(name, 'a', { ends: { N: '1795000000' } });
    await put(name, 'b');
    await remove(name, 'b');
    const { cells, deps } = rig.host;
    const keeper = new CellKeeper({
      ...deps,
      cellReplicas: cells,
      logger: silentLogger,
      intervalMs: 1,
      zone: 0,
      zones: 1,
    });
    for (const cell of cells.keys()) await keeper.round(cell, false);
    const removed = (await reader.all()).filter(({ eventName }) => eventName === 'REMOVE');
    const who = Object.fromEntries(removed.map(({ dynamodb, userIdentity }) => [dynamodb!.Keys!.id!.S, userIdentity]));
    expect(who).toEqual({ a: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' }, b: undefined });
  });

  it('refuses iterators that are none, or not its own', async () => {
    const reader = await rig.table('garbage');
    const [{ ShardId } = {}] = await reader.shards();
    const good = await reader.iterator(ShardId!, 'LATEST');
    const bad = ['x', 'x|1|y', good.slice(0, -1), `${good}A`, good.replace('garbage', 'trash'), `${reader.arn}|1|`];
    for (const iterator of bad)
      await expect(reader.read(iterator)).rejects.toMatchObject(
        refusal('ValidationException', 'Invalid ShardIterator'),
      );
    expect((await reader.read(good)).Records).toEqual([]);
  });

  it('needs to be allowed on the stream of the iterator', async () => {
    const { arn } = await rig.table('guarded');
    const owner = rig.reader('guarded');
    const [{ ShardId } = {}] = await owner.shards();
    const iterator = await owner.iterator(ShardId!, 'TRIM_HORIZON');
    const allowed = { Effect: 'Allow', Action: 'dynamodb:GetRecords' };
    const one = await rig.host.user('one', [{ ...allowed, Resource: arn }]);
    expect((await rig.reader('guarded', one).read(iterator)).Records).toEqual([]);
    const two = await rig.host.user('two', [{ ...allowed, Resource: `${arn}x` }]);
    for (const text of [iterator, 'garbage'])
      await expect(rig.reader('guarded', two).read(text)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('takes an iterator for a quarter of an hour, and tells what has gone in the meantime', async () => {
    const name = 'aging';
    await rig.table(name);
    await put(name, 'a', { n: { N: '1' } });
    await put(name, 'a', { n: { N: '2' } });
    const reader = rig.reader(name);
    const shard = await busyShard(reader);
    await rig.pass(RECORD_MS - 10 * MINUTE_MS);
    const { Records } = await reader.read(await reader.iterator(shard, 'TRIM_HORIZON'), 1);
    const number = Records![0]!.dynamodb!.SequenceNumber!;
    const [oldest, one] = [
      await reader.iterator(shard, 'TRIM_HORIZON'),
      await reader.iterator(shard, 'AT_SEQUENCE_NUMBER', number),
    ];
    expect((await reader.read(one)).Records).toHaveLength(2);
    await rig.pass(11 * MINUTE_MS);
    for (const cell of rig.host.cells.values())
      await cell.execute({ type: 'CollectGarbage', limit: 100 }, { deadline: performance.now() + 5000 });
    await expect(reader.read(one)).rejects.toMatchObject(
      refusal(
        'TrimmedDataAccessException',
        'The operation attempted to read past the oldest stream record in a shard.',
      ),
    );
    expect((await reader.read(oldest)).Records).toEqual([]);
    await rig.pass(5 * MINUTE_MS);
    await expect(reader.read(oldest)).rejects.toMatchObject(
      refusal('ExpiredIteratorException', expect.stringContaining('has expired')),
    );
  });
});
