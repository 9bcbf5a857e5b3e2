import {
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { type Random, randomInt, seededRandom, sleep, systemClock } from '@stormglass/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamReader } from './testing/stream-reader.ts';
import { StreamsRig } from './testing/streams-rig.ts';

const WRITERS = 3;
const WRITES = 25;
const KEYS = 12;
const PAGE = 50;
const PACE_MS = 100;
/** What concurrent transactions may be refused with. */
const CONFLICTS = ['TransactionCanceledException', 'TransactionConflictException'];

let rig: StreamsRig;
beforeAll(async () => {
  rig = await StreamsRig.start();
});
afterAll(() => rig.host.close());

type Table = Map<string, string>;
const textOf = (item: object | undefined): string | undefined => item && JSON.stringify(item);

async function write(TableName: string, random: Random, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const key = () => ({ id: { S: `key ${randomInt(random, KEYS)}` } });
    const update = () => ({
      ...{ TableName, Key: key(), UpdateExpression: 'SET v = if_not_exists(v, :zero) + :by' },
      ExpressionAttributeValues: { ':zero': { N: '0' }, ':by': { N: `${1 + randomInt(random, 9)}` } },
    });
    const one = randomInt(random, 4);
    const sent =
      one === 0
        ? rig.host.root.send(new PutItemCommand({ TableName, Item: { ...key(), v: { N: `${n}` } } }))
        : one === 1
          ? rig.host.root.send(new DeleteItemCommand({ TableName, Key: key() }))
          : one === 2
            ? rig.host.root.send(new UpdateItemCommand(update()))
            : rig.host.root.send(
                new TransactWriteItemsCommand({ TransactItems: [{ Update: update() }, { Update: update() }] }),
              );
    await sent.catch((error: Error) => {
      // Two updates of one item, or two transactions of the same items.
      if (!CONFLICTS.includes(error.name) && !error.message.includes('multiple operations on one item')) throw error;
    });
  }
}

/** Reads a stream as it grows: a shard after the one that it follows is at its end, a page of each at a time. */
class Consumer {
  readonly table: Table = new Map();
  readonly events = new Set<string>();
  readonly #reader: StreamReader;
  readonly #numbers = new Map<string, string>();
  /** Where each shard is to be read next; undefined at its end. */
  readonly #places = new Map<string, string | undefined>();

  constructor(reader: StreamReader) {
    this.#reader = reader;
  }

  get ended(): number {
    return [...this.#places.values()].filter(place => place === undefined).length;
  }

  /** How many records there were, or shards that came to their ends. */
  async pass(): Promise<number> {
    let count = -this.ended;
    // Nothing but their parents tells which shards are to be read first.
    for (const { ShardId: id, ParentShardId: parent } of (await this.#reader.shards()).toReversed()) {
      if (parent !== undefined && !this.#isRead(parent)) continue;
      if (!this.#places.has(id!)) this.#places.set(id!, await this.#reader.iterator(id!, 'TRIM_HORIZON'));
      const place = this.#places.get(id!);
      if (place === undefined) continue;
      const { Records, NextShardIterator } = await this.#reader.read(place, PAGE);
      for (const record of Records!) this.#replay(record);
      this.#places.set(id!, NextShardIterator);
      count += Records!.length;
    }
    return count + this.ended;
  }

  #isRead(shard: string): boolean {
    return this.#places.has(shard) && this.#places.get(shard) === undefined;
  }

  #replay({ eventID, eventName, dynamodb }: _Record): void {
    const { Keys, OldImage, NewImage, SequenceNumber } = dynamodb!;
    const id = Keys!.id!.S!;
    expect(this.events.has(eventID!)).toBe(false);
    this.events.add(eventID!);
    expect(SequenceNumber! > (this.#numbers.get(id) ?? '')).toBe(true);
    this.#numbers.set(id, SequenceNumber!);
    // What it was before is what the record before this one of the same item has left.
    expect(textOf(OldImage)).toBe(this.table.get(id));
    expect(eventName).toBe(OldImage === undefined ? 'INSERT' : NewImage === undefined ? 'REMOVE' : 'MODIFY');
    if (NewImage === undefined) this.table.delete(id);
    else this.table.set(id, textOf(NewImage)!);
  }
}

async function scanned(TableName: string): Promise<Table> {
  const { Items } = await rig.host.root.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return new Map(Items!.map(item => [item.id!.S!, textOf(item)!]));
}

describe.each([1, 2])('the records of a stream (seed %i)', seed => {
  it('lead to what is in the table, before, while and after partitions are split', async () => {
    const name = `replay-${seed}`;
    const reader = await rig.table(name);
    const consumer = new Consumer(reader);
    const random = seededRandom(seed);
    await write(name, random, WRITES);
    while ((await consumer.pass()) > 0);
    expect(consumer.table).toEqual(await scanned(name));

    let isWriting = true;
    const reading = (async () => {
      while (isWriting || (await consumer.pass()) > 0) {
        await consumer.pass();
        // Leaves the processor to the writers.
        await sleep(systemClock, PACE_MS);
      }
    })();
    const writers = Array.from({ length: WRITERS }, (_, n) => write(name, seededRandom(100 * seed + n), WRITES));
    for (let n = 0; n < 2; n++) {
      await rig.split(name);
      await rig.host.settle();
    }
    await Promise.all(writers);
    await write(name, random, WRITES);
    isWriting = false;
    await reading;
    expect(consumer.table).toEqual(await scanned(name));
    expect(consumer.events.size).toBeGreaterThan(2 * WRITES);
    expect(consumer.ended).toBe(2);
    expect(await reader.shards()).toHaveLength(8);
    const again = new Consumer(reader);
    while ((await again.pass()) > 0);
    expect(again.events).toEqual(consumer.events);
  });
});
