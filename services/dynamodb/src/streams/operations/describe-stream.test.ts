import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, arnOf, refusal } from '../../testing/dynamodb-host.ts';
import { StreamReader } from '../testing/stream-reader.ts';
import { StreamsRig } from '../testing/streams-rig.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let rig: StreamsRig;
beforeAll(async () => {
  rig = await StreamsRig.start();
});
afterAll(() => rig.host.close());

describe('DescribeStream', () => {
  it('shows a stream with a shard for each partition', async () => {
    const reader = await rig.table('shown', 'OLD_IMAGE');
    const { Shards, ...stream } = await reader.describe();
    const { streamLabel } = rig.tableOf('shown');
    expect(stream).toEqual({
      ...{ StreamArn: reader.arn, StreamLabel: streamLabel, StreamStatus: 'ENABLED', StreamViewType: 'OLD_IMAGE' },
      ...{ TableName: 'shown', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      CreationRequestDateTime: new Date(`${streamLabel}Z`),
    });
    expect(Shards).toHaveLength(4);
    for (const { ShardId, SequenceNumberRange, ParentShardId } of Shards!) {
      expect(ShardId).toMatch(/^shardId-\d{20}-[0-9a-f]{8}$/);
      expect(SequenceNumberRange).toEqual({ StartingSequenceNumber: expect.stringMatching(/^\d{21,40}$/) });
      expect(ParentShardId).toBeUndefined();
    }
  });

  it('shows shards in pages, those behind any text', async () => {
    const reader = await rig.table('paged');
    const all = await reader.shards();
    const first = await reader.describe({ Limit: 2 });
    expect(first.Shards).toEqual(all.slice(0, 2));
    expect(first.LastEvaluatedShardId).toBe(all[1]!.ShardId);
    const rest = await reader.describe({ Limit: 2, ExclusiveStartShardId: first.LastEvaluatedShardId });
    expect(rest.Shards).toEqual(all.slice(2));
    expect(rest.LastEvaluatedShardId).toBeUndefined();
    expect((await reader.describe({ ExclusiveStartShardId: 'z'.repeat(40) })).Shards).toEqual([]);
  });

  it('tells which shards follow another one, and which have none before them', async () => {
    const reader = await rig.table('split');
    const [before] = await reader.shards();
    await rig.split('split');
    await rig.host.settle();
    await rig.split('split');
    await rig.host.settle();
    const shards = await reader.shards();
    const parents = shards.map(({ ParentShardId }) => shards.findIndex(({ ShardId }) => ShardId === ParentShardId));
    expect(shards).toHaveLength(8);
    // A shard stands behind the one that it follows.
    expect(parents.every((parent, n) => parent < n)).toBe(true);
    expect(parents.filter(parent => parent < 0)).toHaveLength(4);
    const closed = shards.filter(({ SequenceNumberRange }) => SequenceNumberRange!.EndingSequenceNumber !== undefined);
    expect(closed).toHaveLength(2);
    for (const { ShardId } of closed) {
      const { Shards } = await reader.describe({ ShardFilter: { Type: 'CHILD_SHARDS', ShardId } });
      expect(Shards!.map(({ ParentShardId }) => ParentShardId)).toEqual([ShardId, ShardId]);
    }
    expect(closed.map(({ ShardId }) => ShardId)).toContain(before!.ShardId);
    await expect(reader.describe({ ShardFilter: { Type: 'CHILD_SHARDS' } })).rejects.toMatchObject(
      refusal('ValidationException', 'ShardFilter must have both a Type and a ShardId'),
    );
  });

  it('shows streams that have ended for a day, under the same name', async () => {
    const reader = await rig.table('ended');
    await rig.disable('ended');
    const { StreamStatus, Shards } = await reader.describe();
    expect(StreamStatus).toBe('DISABLED');
    expect(Shards!.every(({ SequenceNumberRange }) => SequenceNumberRange!.EndingSequenceNumber)).toBe(true);
    const dropped = await rig.table('dropped');
    await rig.host.root.send(new DeleteTableCommand({ TableName: 'dropped' }));
    await rig.host.settle();
    expect(await dropped.describe()).toMatchObject({ StreamStatus: 'DISABLED', TableName: 'dropped' });
  });

  it('says what is not there', async () => {
    const { client } = await rig.table('errors');
    const of = (arn: string) => new StreamReader(client, arn).describe();
    const missing = `${arnOf('errors')}/stream/2020-01-01T00:00:00.000`;
    await expect(of(missing)).rejects.toMatchObject(
      refusal('ResourceNotFoundException', `Requested resource not found: Stream: ${missing} not found`),
    );
    for (const arn of ['x'.repeat(40), `${arnOf('errors')}-no-stream-at-all`])
      await expect(of(arn)).rejects.toMatchObject(refusal('ValidationException', `Invalid StreamArn: ${arn}`));
    await expect(of('short')).rejects.toMatchObject(
      refusal('ValidationException', expect.stringContaining('length greater than or equal to 37')),
    );
  });

  it('needs to be allowed on the stream', async () => {
    const { arn } = await rig.table('guarded');
    const statement = { Effect: 'Allow', Action: 'dynamodb:DescribeStream' };
    const one = await rig.host.user('one', [{ ...statement, Resource: arn }]);
    expect(await rig.reader('guarded', one).describe()).toMatchObject({ StreamArn: arn });
    const other = await rig.host.user('other', [{ ...statement, Resource: arnOf('guarded') }]);
    await expect(rig.reader('guarded', other).describe()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`user/other is not authorized to perform: dynamodb:DescribeStream on resource`),
    });
    expect(arn).toContain(ACCOUNT);
  });

  it('has nothing of it after that day', async () => {
    const reader = rig.reader('ended');
    await rig.pass(DAY_MS + 1000);
    await expect(rig.reader('ended').describe()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(reader.arn).toBe(rig.reader('ended').arn);
  });
});
