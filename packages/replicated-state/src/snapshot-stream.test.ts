/** Snapshots on their way: whole ones arrive, cut, rotten and foreign ones do not. */
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type Snapshot, SnapshotCorrupt, type SnapshotHeader, type StoredSnapshot, writeSnapshot } from './snapshot.ts';
import { receiveSnapshot, writeStoredSnapshot } from './snapshot-stream.ts';

const HEADER: SnapshotHeader = { machine: 'm', format: 3, logId: 'log', seq: 7, now: 8, hash: 9 };
const BYTES = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? 0x0a : i % 256)));

async function stored(size = BYTES.length): Promise<Buffer> {
  const bytes = async function* () {
    yield BYTES.subarray(0, 1234);
    yield BYTES.subarray(1234);
  };
  const { logId, seq, now, hash } = HEADER;
  const copy = { position: { logId, seq, now, hash }, size, bytes: bytes(), discard: async () => {} };
  return buffer(writeStoredSnapshot(HEADER, copy));
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const draw = (snapshot: Snapshot | StoredSnapshot): Promise<Buffer> => buffer((snapshot as StoredSnapshot).bytes);

describe('a snapshot on its way', () => {
  it.each([1, 7, 100, 65_536])('arrives in pieces of %i bytes', async size => {
    const sent = Buffer.concat([Buffer.from('\n\n'), await stored()]);
    const received = await receiveSnapshot(inPieces(sent, size));
    expect(received.header).toEqual(HEADER);
    expect(await draw(received)).toEqual(BYTES);
  });

  it.each([1, 64, 65_536])('arrives as records in pieces of %i bytes', async size => {
    const records = Array.from({ length: 50 }, (_, i) => ({ i, text: 'é\u2028' }));
    const text = Buffer.from([...writeSnapshot({ header: HEADER, records })].join(''));
    const received = (await receiveSnapshot(inPieces(text, size))) as Snapshot;
    expect(received.header).toEqual(HEADER);
    expect([...received.records]).toEqual(records);
  });

  it('is not taken when it is cut off anywhere', async () => {
    const sent = await stored();
    for (let length = 0; length < sent.length - 1; length += 97) {
      const cut = receiveSnapshot(inPieces(sent.subarray(0, length), 500)).then(draw);
      await expect(cut, `${length} bytes`).rejects.toBeInstanceOf(SnapshotCorrupt);
    }
  });

  it('is not taken when a bit is another, or more comes than was announced', async () => {
    const sent = await stored();
    for (let at = sent.indexOf('\n') + 1; at < sent.length - 1; at += 501) {
      const rotten = Buffer.from(sent);
      rotten[at]! ^= 4;
      await expect(receiveSnapshot(inPieces(rotten, 700)).then(draw), `byte ${at}`).rejects.toThrow();
    }
    await expect(receiveSnapshot(inPieces(await stored(4000), 700)).then(draw)).rejects.toBeInstanceOf(SnapshotCorrupt);
    await expect(receiveSnapshot(inPieces(Buffer.alloc(100_000, 'x'), 700))).rejects.toBeInstanceOf(SnapshotCorrupt);
    await expect(receiveSnapshot(inPieces(Buffer.from('{"a":'), 3))).rejects.toBeInstanceOf(SnapshotCorrupt);
  });
});
