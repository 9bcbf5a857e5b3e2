import { silentLogger, systemClock } from '@stormglass/base';
import { HASHES, type ItemCommand, ItemStore } from '@stormglass/item-store';
import type { OpenCall } from '@stormglass/service-kit';
import { describe, expect, it } from 'vitest';
import type { StreamsDeps } from './deps.ts';
import { describeStream } from './operations/describe-stream.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';

const ACCOUNT = '123456789012';
const LABEL = '2026-11-22T10:00:00.000';
const StreamArn = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/far/stream/${LABEL}`;
const NOW = 1_795_000_000_000;
const HALF = HASHES / 2;
const schema = { hash: { name: 'id', type: 'S' } } as const;

/** A zone's copies of two cells: what they have of the stream is what was applied to them. */
class Zone {
  readonly cells = [1, 2].map(number =>
    ItemStore.open({ name: `items-${number}`, path: ':memory:', logger: silentLogger }),
  );
  canCatchUp = true;
  #seq = 0;

  apply(cell: 1 | 2, ...commands: readonly ItemCommand[]): void {
    for (const command of commands) {
      const now = NOW + ++this.#seq;
      expect(this.cells[cell - 1]!.apply({ seq: this.#seq, now }, command)).toMatchObject({ ok: true });
    }
  }

  get deps(): StreamsDeps {
    const upToDate = () => (this.canCatchUp ? Promise.resolve() : Promise.reject(new Error('no quorum')));
    const stream = { accountId: ACCOUNT, tableName: 'far', tableId: 't', id: 1, label: LABEL, schema, enabledAt: NOW };
    const places = [{ id: 1, cell: 1, from: 0, to: HASHES }];
    const view = { stream: () => stream, table: () => ({ id: 't', partitions: places }) };
    const cellReplicas = new Map(this.cells.map((cell, n) => [n + 1, { view: cell.view, upToDate }] as const));
    return { clock: systemClock, catalogue: { view, upToDate }, cellReplicas } as unknown as StreamsDeps;
  }

  async ask<Answer>(operation: { readonly handle: typeof getRecords.handle }, input: object): Promise<Answer> {
    const place = { partition: 'aws', region: 'us-east-1', accountId: ACCOUNT };
    const call = { ...place, now: NOW, deadline: systemClock.monotonic() + 1000 } as OpenCall;
    return (await operation.handle(input as Record<string, unknown>, call, this.deps)) as Answer;
  }

  read(ShardIterator: string) {
    return this.ask<{ Records: readonly { eventID: string }[]; NextShardIterator?: string }>(getRecords, {
      ShardIterator,
    });
  }

  async iterator(shard: string, more: object): Promise<string> {
    const answer = await this.ask<{ ShardIterator: string }>(getShardIterator, { StreamArn, ShardId: shard, ...more });
    return answer.ShardIterator;
  }

  async shards() {
    type Answer = { StreamDescription: { Shards: readonly { ShardId: string; ParentShardId?: string }[] } };
    return (await this.ask<Answer>(describeStream, { StreamArn })).StreamDescription.Shards;
  }
}

const create = (partition: number, from: number, isReceiving = false): ItemCommand => ({
  type: 'CreatePartition',
  definition: {
    ...{ id: partition, table: 't', schema, from, to: HASHES, indexes: [] },
    stream: { id: 1, view: 'KEYS_ONLY' },
  },
  isReceiving,
});
const puts = (...ids: readonly string[]): ItemCommand => ({
  type: 'WriteItems',
  writes: ids.map(id => ({ op: 'put', partition: 1, item: { id: { S: id } } })),
});
const split = (partition: number): readonly ItemCommand[] => [
  { type: 'FreezePartition', partition, from: HALF },
  { type: 'ShrinkPartition', partition },
];
const idsOf = ({ Records }: { readonly Records: readonly { eventID: string }[] }) => Records.map(each => each.eventID);

async function twoZones(): Promise<{ ahead: Zone; behind: Zone; shard: string }> {
  const [ahead, behind] = [new Zone(), new Zone()];
  ahead.apply(1, create(1, 0), puts('a', 'b', 'c', 'd'));
  behind.apply(1, create(1, 0), puts('a', 'b'));
  const [{ ShardId }] = (await ahead.shards()) as [{ ShardId: string }];
  return { ahead, behind, shard: ShardId };
}

describe('a reader that goes from zone to zone', () => {
  it('sees fewer records in one that lags behind, and none twice', async () => {
    const { ahead, behind, shard } = await twoZones();
    const start = await ahead.iterator(shard, { ShardIteratorType: 'TRIM_HORIZON' });
    const [all, some] = [await ahead.read(start), await behind.read(start)];
    expect(idsOf(some)).toEqual(idsOf(all).slice(0, 2));
    expect(idsOf(await ahead.read(some.NextShardIterator!))).toEqual(idsOf(all).slice(2));
    const early = await behind.read(all.NextShardIterator!);
    expect(early.Records).toEqual([]);
    behind.apply(1, puts('c', 'd', 'e'));
    ahead.apply(1, puts('e'));
    const late = await behind.read(early.NextShardIterator!);
    expect(late.Records).toHaveLength(1);
    expect(idsOf(late)).toEqual(idsOf(await ahead.read(all.NextShardIterator!)));
  });

  it('may go on behind a record that the zone does not have yet', async () => {
    const { behind, shard } = await twoZones();
    const SequenceNumber = `1${'4'.padStart(16, '0')}${'1'.padStart(10, '0')}`;
    const at = await behind.iterator(shard, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
    expect((await behind.read(at)).Records).toEqual([]);
    behind.apply(1, puts('c', 'd', 'e'));
    expect((await behind.read(at)).Records).toHaveLength(1);
  });

  it('waits in a zone that does not know the shard and cannot catch up', async () => {
    const { ahead, shard } = await twoZones();
    const start = await ahead.iterator(shard, { ShardIteratorType: 'TRIM_HORIZON' });
    const empty = new Zone();
    empty.canCatchUp = false;
    const waiting = await empty.read(start);
    expect(waiting.Records).toEqual([]);
    expect((await ahead.read(waiting.NextShardIterator!)).Records).toHaveLength(4);
    // One that has caught up, and does not have it, has removed it.
    empty.canCatchUp = true;
    await expect(empty.read(start)).rejects.toMatchObject({ code: 'TrimmedDataAccessException' });
  });

  it('does not read what follows a shard before the zone knows that shard', async () => {
    const zone = new Zone();
    zone.canCatchUp = false;
    zone.apply(2, create(2, HALF, true), { type: 'OpenPartition', partition: 2, firstRecord: 5 });
    expect(await zone.shards()).toEqual([]);
    zone.apply(1, create(1, 0), puts('a'));
    expect((await zone.shards()).map(({ ParentShardId }) => ParentShardId === undefined)).toEqual([true, false]);
    zone.apply(1, ...split(1));
    const [first, ...rest] = await zone.shards();
    expect(rest.map(({ ParentShardId }) => ParentShardId)).toEqual([first!.ShardId, first!.ShardId]);
  });
});
