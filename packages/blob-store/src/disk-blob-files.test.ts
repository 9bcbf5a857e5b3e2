import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomInt } from '@stormglass/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobDamaged, BlobMissing } from './blob-errors.ts';
import { BLOCK_BYTES, FRAME_BYTES, storedBytesOf } from './stored/frame.ts';
import {
  AS_BLOB,
  type BlobDesk,
  collect,
  inChunks,
  openBlobDesk,
  REGION_KEY,
  storedForm,
} from './testing/blob-desk.ts';

let desk: BlobDesk;
beforeEach(async () => {
  desk = await openBlobDesk(1);
});
afterEach(() => desk.close());

async function put(body: Uint8Array) {
  const { ref } = await desk.bytes.store(inChunks(body, 65_536), AS_BLOB);
  return ref!;
}

const bodyOf = (size: number) => Buffer.from(desk.random.bytes(size));

/** Changes one byte of a blob's file. */
function rot(id: string, at: number): void {
  const stored = readFileSync(desk.pathOf(id));
  stored[at]! ^= 1;
  writeFileSync(desk.pathOf(id), stored);
}

describe('a blob', () => {
  it('is read in whatever range', async () => {
    const body = bodyOf(5 * BLOCK_BYTES + 1000);
    const ref = await put(body);
    const edges = [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 4 * BLOCK_BYTES, body.length - 1, body.length];
    for (const from of edges) {
      for (const to of edges.filter(edge => edge >= from)) {
        const read = await collect(desk.bytes.read(ref, REGION_KEY, from, to));
        expect(read.equals(body.subarray(from, to)), `${from} to ${to}`).toBe(true);
      }
    }
    expect(await desk.files.storedBytes(ref.id)).toBe(storedBytesOf(body.length));
  });

  it('has no bytes outside of it', async () => {
    const ref = await put(bodyOf(10));
    for (const [from, to] of [
      [-1, 5],
      [0, 11],
      [6, 5],
    ] as const) {
      await expect(collect(desk.bytes.read(ref, REGION_KEY, from, to))).rejects.toThrow(RangeError);
    }
  });

  it('may be left in the middle, and read by many at once', async () => {
    const body = bodyOf(1_500_000);
    const ref = await put(body);
    const left = (async () => {
      for await (const chunk of desk.bytes.read(ref, REGION_KEY, 0, body.length)) return chunk.length;
      return 0;
    })();
    const all = await Promise.all(
      Array.from({ length: 40 }, () => collect(desk.bytes.read(ref, REGION_KEY, 0, body.length))),
    );
    expect(all.every(read => read.equals(body))).toBe(true);
    expect(await left).toBeGreaterThan(0);
  });

  it('stops when its reader is no longer wanted', async () => {
    const ref = await put(bodyOf(1_000_000));
    const abort = new AbortController();
    const read = async () => {
      for await (const _ of desk.bytes.read(ref, REGION_KEY, 0, ref.size, { signal: abort.signal }))
        abort.abort(new Error('gone'));
    };
    await expect(read()).rejects.toThrow('gone');
  });

  it('that is not there is missing', async () => {
    const ref = await put(bodyOf(100));
    expect(await desk.files.delete(ref.id)).toBe(true);
    expect(await desk.files.delete(ref.id)).toBe(false);
    await expect(collect(desk.bytes.read(ref, REGION_KEY, 0, 100))).rejects.toThrow(BlobMissing);
    await expect(collect(desk.files.readStored(ref.id))).rejects.toThrow(BlobMissing);
    expect(await desk.files.storedBytes(ref.id)).toBeUndefined();
    expect(await desk.files.scrub(ref.id)).toBe('missing');
  });

  it('is known by an id, not by a path', async () => {
    for (const id of ['', '..', '../../etc/passwd', 'g'.repeat(32), 'A'.repeat(32)]) {
      await expect(desk.files.create(id)).rejects.toThrow(RangeError);
      await expect(collect(desk.files.readStored(id))).rejects.toThrow(BlobMissing);
      expect(await desk.files.delete(id)).toBe(false);
      expect(await desk.files.storedBytes(id)).toBeUndefined();
    }
  });
});

describe('a rotten blob', () => {
  it('is noticed by readers, by other zones and by a scrub, wherever the rot is', async () => {
    const body = bodyOf(2 * BLOCK_BYTES + 10);
    for (let run = 0; run < 20; run++) {
      const ref = await put(body);
      expect(await desk.files.scrub(ref.id)).toBe('whole');
      const at = randomInt(desk.random, storedBytesOf(body.length));
      rot(ref.id, at);
      const handedOut: Buffer[] = [];
      const read = async () => {
        for await (const chunk of desk.bytes.read(ref, REGION_KEY, 0, body.length)) handedOut.push(chunk);
      };
      await read().catch(error => expect(error).toBeInstanceOf(BlobDamaged));
      // What was handed out is what was stored, up to the damage.
      expect(body.subarray(0, Buffer.concat(handedOut).length).equals(Buffer.concat(handedOut))).toBe(true);
      await expect(collect(desk.files.readStored(ref.id))).rejects.toThrow(BlobDamaged);
      expect(await desk.files.scrub(ref.id)).toBe('damaged');
    }
  });

  it('may be cut off, or empty, or longer than it was', async () => {
    const body = bodyOf(2 * BLOCK_BYTES);
    for (const length of [0, 7, BLOCK_BYTES, storedBytesOf(body.length) - 1]) {
      const ref = await put(body);
      truncateSync(desk.pathOf(ref.id), length);
      await expect(collect(desk.bytes.read(ref, REGION_KEY, 0, body.length))).rejects.toThrow(BlobDamaged);
      expect(await desk.files.scrub(ref.id)).toBe('damaged');
    }
    const ref = await put(body);
    writeFileSync(desk.pathOf(ref.id), 'x', { flag: 'a' });
    expect(await desk.files.scrub(ref.id)).toBe('damaged');
  });

  it('is replaced by what another zone sends', async () => {
    const body = bodyOf(200_000);
    const ref = await put(body);
    const whole = readFileSync(desk.pathOf(ref.id));
    rot(ref.id, 1234);
    await desk.files.receive(ref.id, inChunks(whole, 9999));
    expect((await collect(desk.bytes.read(ref, REGION_KEY, 0, body.length))).equals(body)).toBe(true);
  });
});

describe('what another zone sends', () => {
  it('is stored as it was there', async () => {
    const [here, there] = [desk, await openBlobDesk()];
    const body = bodyOf(300_000);
    const ref = await put(body);
    await there.files.receive(ref.id, here.files.readStored(ref.id));
    expect(readFileSync(there.pathOf(ref.id)).equals(readFileSync(here.pathOf(ref.id)))).toBe(true);
    await there.close();
  });

  it('may be asked for from a frame on, and is checked from there', async () => {
    const ref = await put(bodyOf(300_000));
    const whole = readFileSync(desk.pathOf(ref.id));
    rot(ref.id, 1234);
    for (const frame of [1, 4]) {
      const part = await collect(desk.files.readStored(ref.id, frame));
      expect(part.equals(whole.subarray(frame * FRAME_BYTES))).toBe(true);
    }
    for (const frame of [0, 5, 1e9])
      await expect(collect(desk.files.readStored(ref.id, frame))).rejects.toThrow(BlobDamaged);
  });

  it('is not kept when it is not whole, or does not come to its end', async () => {
    const id = desk.newId();
    const stored = await storedForm(id, desk.keys.newDataKey(), bodyOf(BLOCK_BYTES + 5));
    const rotten = Buffer.from(stored);
    rotten[BLOCK_BYTES + 30]! ^= 1;
    const broken = async function* () {
      yield stored.subarray(0, 1000);
      throw new Error('the link broke');
    };
    await expect(desk.files.receive(id, inChunks(rotten, 5000))).rejects.toThrow(BlobDamaged);
    await expect(desk.files.receive(id, inChunks(stored.subarray(0, -1), 5000))).rejects.toThrow(BlobDamaged);
    await expect(desk.files.receive(desk.newId(), inChunks(stored, 5000))).rejects.toThrow(BlobDamaged);
    await expect(desk.files.receive(id, broken())).rejects.toThrow('the link broke');
    expect(await Array.fromAsync(desk.files.list())).toEqual([]);
    expect(await desk.incoming()).toEqual([]);
  });

  it('may come twice at once', async () => {
    const id = desk.newId();
    const stored = await storedForm(id, desk.keys.newDataKey(), bodyOf(100_000));
    await Promise.all([1, 2, 3].map(() => desk.files.receive(id, inChunks(stored, 1000))));
    expect(await desk.files.scrub(id)).toBe('whole');
    expect(await desk.incoming()).toEqual([]);
  });
});

describe('a folder of blobs', () => {
  it('drops at its beginning what was being written', async () => {
    const sink = await desk.files.create(desk.newId());
    await sink.write(Buffer.from('half'));
    expect(await desk.incoming()).toHaveLength(1);
    const again = await desk.reopen();
    expect(await desk.incoming()).toEqual([]);
    expect(await Array.fromAsync(again.list())).toEqual([]);
    await sink.abort();
  });

  it('keeps what is committed, and nothing of what is given up', async () => {
    const kept = await put(bodyOf(70_000));
    const sink = await desk.files.create(desk.newId());
    await sink.write(Buffer.from('half'));
    await sink.abort();
    await sink.abort();
    const again = await desk.reopen();
    expect(await Array.fromAsync(again.list())).toEqual([kept.id]);
    expect(await again.scrub(kept.id)).toBe('whole');
  });

  it('makes a shelf that somebody deleted anew', async () => {
    const ref = await put(bodyOf(10));
    rmSync(join(desk.folder, ref.id.slice(0, 2)), { recursive: true });
    const stored = await storedForm(ref.id, desk.keys.newDataKey(), bodyOf(10));
    await desk.files.receive(ref.id, inChunks(stored, 100));
    expect(await desk.files.scrub(ref.id)).toBe('whole');
  });

  it('lists its blobs in order, and nothing else', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push((await put(bodyOf(i))).id);
    ids.sort();
    writeFileSync(join(desk.folder, ids[0]!.slice(0, 2), 'not-a-blob'), '');
    expect(await Array.fromAsync(desk.files.list())).toEqual(ids);
  });

  it('goes on with its list when a shelf is gone meanwhile', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push((await put(bodyOf(i))).id);
    const listed: string[] = [];
    const last = ids.sort().at(-1)!.slice(0, 2);
    for await (const id of desk.files.list()) {
      if (listed.length === 0) rmSync(join(desk.folder, last), { recursive: true });
      listed.push(id);
    }
    expect(listed).toEqual(ids.filter(id => !id.startsWith(last)));
  });
});

describe('a full disk', () => {
  it('takes nothing, breaks nothing, and is forgotten when there is room', async () => {
    const body = bodyOf(600_000);
    const before = await put(body);
    desk.disk.isFull = true;
    await expect(put(body)).rejects.toMatchObject({ code: 'ENOSPC' });
    desk.disk.isFull = false;
    const filling = async function* () {
      yield* inChunks(body, 65_536);
      desk.disk.isFull = true;
      yield Buffer.from('more');
    };
    await expect(desk.bytes.store(filling(), AS_BLOB)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await desk.incoming()).toEqual([]);
    expect((await collect(desk.bytes.read(before, REGION_KEY, 0, body.length))).equals(body)).toBe(true);
    desk.disk.isFull = false;
    await put(body);
    expect(await Array.fromAsync(desk.files.list())).toHaveLength(2);
  });
});
