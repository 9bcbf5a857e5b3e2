import { randomInt } from '@stormglass/base';
import { until } from '@stormglass/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobDamaged } from './blob-errors.ts';
import type { BlobSink } from './blob-files.ts';
import { digestOf } from './digests/body-digests.ts';
import { DIGEST_NAMES } from './digests/digest-name.ts';
import type { BodyKey } from './object-bytes.ts';
import { Sealers } from './seal/sealers.ts';
import { storeBody } from './store-body.ts';
import { AS_BLOB, type BlobDesk, collect, inChunks, openBlobDesk, REGION_KEY } from './testing/blob-desk.ts';

let desk: BlobDesk;
beforeEach(async () => {
  desk = await openBlobDesk(1);
});
afterEach(() => desk.close());

const bodyOf = (size: number) => Buffer.from(desk.random.bytes(size));

/** A sink in memory that is slow, and can be told to fail. */
class TestSink implements BlobSink {
  readonly chunks: Buffer[] = [];
  state: 'open' | 'committed' | 'aborted' = 'open';
  bytes = 0;
  failure: Error | undefined;

  async write(chunk: Buffer): Promise<void> {
    if (this.state !== 'open') throw new Error(`written to when ${this.state}`);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    if (this.failure !== undefined) throw this.failure;
    this.chunks.push(Buffer.from(chunk));
    this.bytes += chunk.length;
  }
  async commit(): Promise<void> {
    this.state = 'committed';
  }
  async abort(): Promise<void> {
    this.state = 'aborted';
  }
}

const into = (sink: BlobSink) => ({
  keys: desk.keys,
  random: desk.random,
  sealers: desk.sealers,
  place: async () => sink,
});

describe('a body', () => {
  it('of whatever size, in whatever pieces, comes back with its digests', async () => {
    const sizes = [0, 1, 16_384, 16_385, 65_536, 131_072, 131_073, 262_143, 262_144, 262_145, 524_288, 1_000_003];
    for (const size of sizes) {
      const body = bodyOf(size);
      const chunkBytes = size < 20_000 ? 1 + randomInt(desk.random, 50) : 1000 + randomInt(desk.random, 300_000);
      const stored = await desk.bytes.store(inChunks(body, chunkBytes), {
        wants: DIGEST_NAMES,
        key: REGION_KEY,
        inlineMax: 16_384,
      });
      expect(stored.size).toBe(size);
      for (const name of DIGEST_NAMES) expect(stored.digests[name], `${name} of ${size}`).toEqual(digestOf(name, body));
      expect(stored.inline !== undefined).toBe(size <= 16_384);
      const back =
        stored.ref === undefined
          ? desk.bytes.openInline(stored.inline!, REGION_KEY)
          : await collect(desk.bytes.read(stored.ref, REGION_KEY, 0, size));
      expect(back.equals(body), `${size} bytes`).toBe(true);
    }
  });

  it('may be many at once, each with its own digests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 2, maxLength: 5 }), async sizes => {
        const bodies = sizes.map(bodyOf);
        const all = await Promise.all(
          bodies.map(body => desk.bytes.store(inChunks(body, 60_000), { ...AS_BLOB, wants: ['md5', 'crc64nvme'] })),
        );
        for (const [i, { ref, digests }] of all.entries()) {
          const body = bodies[i]!;
          expect(digests).toEqual({ md5: digestOf('md5', body), crc64nvme: digestOf('crc64nvme', body) });
          expect((await collect(desk.bytes.read(ref!, REGION_KEY, 0, body.length))).equals(body)).toBe(true);
        }
      }),
      { numRuns: 4 },
    );
  });

  it('opens under the key it came with, and no other', async () => {
    const customer: BodyKey = { kind: 'customer', key: bodyOf(32) };
    const other: BodyKey = { kind: 'customer', key: bodyOf(32) };
    const body = bodyOf(200_000);
    const { ref } = await desk.bytes.store(inChunks(body, 65_536), { ...AS_BLOB, key: customer });
    expect((await collect(desk.bytes.read(ref!, customer, 0, body.length))).equals(body)).toBe(true);
    for (const key of [other, REGION_KEY]) {
      await expect(collect(desk.bytes.read(ref!, key, 0, body.length))).rejects.toThrow(BlobDamaged);
    }
  });

  it('lies on the disk as nobody can read it', async () => {
    const body = Buffer.alloc(300_000, 'plain as day ');
    const { ref } = await desk.bytes.store(inChunks(body, 65_536), AS_BLOB);
    const stored = await collect(desk.files.readStored(ref!.id));
    expect(stored.includes('plain as day')).toBe(false);
  });

  it('that is discarded is deleted', async () => {
    const stored = await desk.bytes.store(inChunks(bodyOf(100), 10), AS_BLOB);
    desk.bytes.discard(stored);
    await until('the blob is gone', async () => (await desk.files.storedBytes(stored.ref!.id)) === undefined);
  });
});

describe('nothing is kept of a body', () => {
  const nothingIsLeft = async () => {
    expect(await desk.incoming()).toEqual([]);
    expect(await Array.fromAsync(desk.files.list())).toEqual([]);
  };

  it.each([100, 100_000, 900_000])('that the check refuses, of %i bytes', async size => {
    const check = () => {
      throw new Error('bad digest');
    };
    for (const inlineMax of [-1, 16_384]) {
      const stored = desk.bytes.store(inChunks(bodyOf(size), 50_000), { ...AS_BLOB, inlineMax, check });
      await expect(stored).rejects.toThrow('bad digest');
    }
    await nothingIsLeft();
  });

  it.each([100, 100_000, 900_000])('whose source fails after %i bytes', async size => {
    const failing = async function* () {
      yield* inChunks(bodyOf(size), 50_000);
      throw new Error('the client is gone');
    };
    await expect(desk.bytes.store(failing(), AS_BLOB)).rejects.toThrow('the client is gone');
    await nothingIsLeft();
  });

  it('that is given up while its source hangs', async () => {
    const abort = new AbortController();
    const hanging = async function* () {
      yield* inChunks(bodyOf(900_000), 50_000);
      setImmediate(() => abort.abort(new Error('too slow')));
      await new Promise(() => {});
    };
    await expect(desk.bytes.store(hanging(), { ...AS_BLOB, signal: abort.signal })).rejects.toThrow('too slow');
    await nothingIsLeft();
  });

  it('that has no place, and its source is left', async () => {
    let isLeft = false;
    const source = async function* () {
      try {
        yield* inChunks(bodyOf(900_000), 50_000);
      } finally {
        isLeft = true;
      }
    };
    desk.disk.isFull = true;
    await expect(desk.bytes.store(source(), AS_BLOB)).rejects.toMatchObject({ code: 'ENOSPC' });
    await until('the source is left', () => isLeft);
    await nothingIsLeft();
  });

  it('that was given up before it began', async () => {
    const stored = desk.bytes.store(inChunks(bodyOf(10), 10), {
      ...AS_BLOB,
      signal: AbortSignal.abort(new Error('late')),
    });
    await expect(stored).rejects.toThrow('late');
    await nothingIsLeft();
  });
});

describe('a sink', () => {
  it('that fails ends the body at once, though its source hangs', async () => {
    const sink = new TestSink();
    sink.failure = new Error('no disk');
    const hanging = async function* () {
      yield* inChunks(bodyOf(900_000), 50_000);
      await new Promise(() => {});
    };
    await expect(storeBody(hanging(), AS_BLOB, into(sink))).rejects.toThrow('no disk');
    expect(sink.state).toBe('aborted');
  });

  it('that is slow slows down the source: little is in memory', async () => {
    const sink = new TestSink();
    let given = 0;
    let aheadMax = 0;
    const long = async function* () {
      for (let i = 0; i < 160; i++) {
        given += 50_000;
        aheadMax = Math.max(aheadMax, given - sink.bytes);
        yield Buffer.alloc(50_000);
      }
    };
    expect((await storeBody(long(), AS_BLOB, into(sink))).size).toBe(8_000_000);
    expect(sink.state).toBe('committed');
    expect(aheadMax).toBeLessThan(1_500_000);
  });

  it('gets the stored form', async () => {
    const sink = new TestSink();
    const body = bodyOf(1_200_000);
    const { ref } = await storeBody(inChunks(body, 77_777), AS_BLOB, into(sink));
    await desk.files.receive(ref!.id, inChunks(Buffer.concat(sink.chunks), 100_000));
    expect((await collect(desk.bytes.read(ref!, REGION_KEY, 0, body.length))).equals(body)).toBe(true);
  });
});

describe('slots', () => {
  it('are few, and bodies wait for each other', async () => {
    const sealers = new Sealers({ workers: 1, slots: 2 });
    const sinks = Array.from({ length: 6 }, () => new TestSink());
    const bodies = sinks.map(() => bodyOf(600_000));
    const all = sinks.map((sink, i) => storeBody(inChunks(bodies[i]!, 50_000), AS_BLOB, { ...into(sink), sealers }));
    for (const [i, { ref }] of (await Promise.all(all)).entries()) {
      await desk.files.receive(ref!.id, inChunks(Buffer.concat(sinks[i]!.chunks), 100_000));
      expect((await collect(desk.bytes.read(ref!, REGION_KEY, 0, 600_000))).equals(bodies[i]!)).toBe(true);
    }
    await sealers.close();
  });

  it('come back from bodies that fail, and nobody writes to them then', async () => {
    const sealers = new Sealers({ workers: 1, slots: 3 });
    const failing = Array.from({ length: 8 }, async (_, i) => {
      const sink = new TestSink();
      if (i % 2 === 0) sink.failure = new Error('no disk');
      const check = () => {
        throw new Error('bad digest');
      };
      await storeBody(inChunks(bodyOf(900_000), 50_000), { ...AS_BLOB, check }, { ...into(sink), sealers });
    });
    const sink = new TestSink();
    const body = bodyOf(900_000);
    const good = storeBody(inChunks(body, 50_000), AS_BLOB, { ...into(sink), sealers });
    for (const outcome of await Promise.allSettled(failing)) expect(outcome.status).toBe('rejected');
    await desk.files.receive((await good).ref!.id, inChunks(Buffer.concat(sink.chunks), 100_000));
    await until('all slots are free', () => sealers.slots.free === 3);
    await sealers.close();
  });
});

describe('the workers', () => {
  it('do nothing once they are closed', async () => {
    await desk.sealers.close();
    await expect(desk.bytes.store(inChunks(bodyOf(300_000), 50_000), AS_BLOB)).rejects.toThrow('closed');
    expect(await desk.incoming()).toEqual([]);
  });

  it('that end take their bodies with them', async () => {
    const source = async function* () {
      yield* inChunks(bodyOf(600_000), 50_000);
      await desk.sealers.close();
      yield* inChunks(bodyOf(600_000), 50_000);
    };
    await expect(desk.bytes.store(source(), AS_BLOB)).rejects.toThrow();
    expect(await desk.incoming()).toEqual([]);
  });
});
