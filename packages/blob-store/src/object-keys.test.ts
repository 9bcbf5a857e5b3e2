import { seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { BlobDamaged } from './blob-errors.ts';
import type { BodyKey } from './object-bytes.ts';
import { ObjectKeys } from './object-keys.ts';

const random = seededRandom(3);
const keys = new ObjectKeys(Buffer.from(random.bytes(32)), random);
const region: BodyKey = { kind: 'region' };
const customer: BodyKey = { kind: 'customer', key: Buffer.from(random.bytes(32)) };
const ID = '00112233445566778899aabbccddeeff';

describe('the key of a body', () => {
  it.each([region, customer])('comes back under the key that wrapped it: $kind', key => {
    const dataKey = keys.newDataKey();
    expect(keys.unwrap(keys.wrap(dataKey, ID, key), ID, key)).toEqual(dataKey);
  });

  it('does not open under another key, for another blob, or changed', () => {
    const wrapped = keys.wrap(keys.newDataKey(), ID, region);
    expect(() => keys.unwrap(wrapped, ID, customer)).toThrow(BlobDamaged);
    expect(() => keys.unwrap(wrapped, `f${ID.slice(1)}`, region)).toThrow(BlobDamaged);
    const bytes = Buffer.from(wrapped, 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(() => keys.unwrap(changed.toString('base64'), ID, region)).toThrow(BlobDamaged);
    }
    for (const rubbish of ['', 'AA==', wrapped.slice(4)]) {
      expect(() => keys.unwrap(rubbish, ID, region)).toThrow(BlobDamaged);
    }
  });

  it('of a region has 32 bytes', () => {
    expect(() => new ObjectKeys(Buffer.alloc(16), random)).toThrow(RangeError);
  });
});

describe('a body that rides in a command', () => {
  it.each([0, 1, 100, 16_384])('of %i bytes comes back', size => {
    const body = Buffer.from(random.bytes(size));
    for (const key of [region, customer]) expect(keys.openInline(keys.sealInline(body, key), key)).toEqual(body);
  });

  it('is never the same twice', () => {
    const body = Buffer.from('the same');
    expect(keys.sealInline(body, region)).not.toEqual(keys.sealInline(body, region));
  });

  it('does not open changed, cut off, or under another key', () => {
    const sealed = keys.sealInline(Buffer.from('secret'), region);
    expect(() => keys.openInline(sealed, customer)).toThrow(BlobDamaged);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 0x80;
      expect(() => keys.openInline(changed, region)).toThrow(BlobDamaged);
      expect(() => keys.openInline(sealed.subarray(0, at), region)).toThrow(BlobDamaged);
    }
  });
});
