import { seededRandom } from '@stormglass/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlobDamaged } from '../blob-errors.ts';
import { storedForm } from '../testing/blob-desk.ts';
import { BLOCK_BYTES, FRAME_BYTES, Frames, storedBytesOf } from './frame.ts';
import { StoredCheck } from './stored-check.ts';

const random = seededRandom(11);
const ID = '0123456789abcdef0123456789abcdef';
const OTHER_ID = 'f123456789abcdef0123456789abcdef';
const KEY = Buffer.from(random.bytes(32));
const bodyOf = (size: number) => Buffer.from(random.bytes(size));

function check(id: string, stored: Uint8Array, chunkBytes = stored.length): void {
  const checking = new StoredCheck(id);
  for (let at = 0; at < stored.length; at += chunkBytes) checking.update(stored.subarray(at, at + chunkBytes));
  checking.finish();
}

const frameAt = (stored: Buffer, place: number) => stored.subarray(place * FRAME_BYTES, (place + 1) * FRAME_BYTES);

describe('the stored form of a body', () => {
  it.each([0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES])('of %i bytes', async size => {
    const body = bodyOf(size);
    const stored = await storedForm(ID, KEY, body);
    expect(stored.length).toBe(storedBytesOf(size));
    const frames = new Frames(ID);
    const plain = Array.from({ length: Math.ceil(stored.length / FRAME_BYTES) }, (_, place) =>
      frames.open(frameAt(stored, place), KEY, place),
    );
    expect(Buffer.concat(plain)).toEqual(body);
    for (const chunkBytes of [7919, FRAME_BYTES, stored.length]) check(ID, stored, chunkBytes);
  });

  it('is checked whatever the pieces it comes in', async () => {
    const stored = await storedForm(ID, KEY, bodyOf(50));
    for (let chunkBytes = 1; chunkBytes <= stored.length; chunkBytes++) check(ID, stored, chunkBytes);
  });

  it('shows every changed bit, with the key and without it', async () => {
    const stored = await storedForm(ID, KEY, bodyOf(BLOCK_BYTES + 40));
    const second = FRAME_BYTES;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: stored.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const rotten = Buffer.from(stored);
        rotten[at]! ^= 1 << bit;
        expect(() => check(ID, rotten)).toThrow(BlobDamaged);
        const place = at < second ? 0 : 1;
        const inCrc = at >= second ? at >= stored.length - 4 : at >= second - 4;
        // Who has the key goes by the tag alone.
        if (!inCrc) expect(() => new Frames(ID).open(frameAt(rotten, place), KEY, place)).toThrow(BlobDamaged);
      }),
    );
  });

  it('shows where it was cut off, and what does not belong to it', async () => {
    const stored = await storedForm(ID, KEY, bodyOf(2 * BLOCK_BYTES));
    for (const end of [0, 1, FRAME_BYTES, stored.length - 1]) {
      expect(() => check(ID, stored.subarray(0, end))).toThrow(BlobDamaged);
    }
    expect(() => check(ID, Buffer.concat([stored, Buffer.from('x')]))).toThrow(BlobDamaged);
    expect(() => check(ID, Buffer.concat([frameAt(stored, 1), frameAt(stored, 0)]))).toThrow(BlobDamaged);
    expect(() => check(ID, Buffer.concat([frameAt(stored, 0), frameAt(stored, 0), frameAt(stored, 1)]))).toThrow(
      BlobDamaged,
    );
    expect(() => check(OTHER_ID, stored)).toThrow(BlobDamaged);
  });

  it('opens under its key, its id and in its place only', async () => {
    const stored = await storedForm(ID, KEY, bodyOf(2 * BLOCK_BYTES));
    expect(() => new Frames(ID).open(frameAt(stored, 0), bodyOf(32), 0)).toThrow(BlobDamaged);
    expect(() => new Frames(ID).open(frameAt(stored, 0), KEY, 1)).toThrow(BlobDamaged);
    expect(() => new Frames(OTHER_ID).open(frameAt(stored, 0), KEY, 0)).toThrow(BlobDamaged);
    expect(() => new Frames(ID).open(Buffer.alloc(0), KEY, 0)).toThrow(BlobDamaged);
  });

  it('belongs to an id that can be the name of a file', () => {
    for (const id of ['', '../x', 'A'.repeat(32), ID.slice(1), `${ID}0`])
      expect(() => new Frames(id)).toThrow(RangeError);
  });
});
