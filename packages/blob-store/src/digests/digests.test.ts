import { createHash } from 'node:crypto';
import { seededRandom } from '@stormglass/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyDigests, digestOf } from './body-digests.ts';
import { combinedCrc } from './combine-crc.ts';
import { CRC_KINDS, type CrcName } from './crc.ts';
import { DIGEST_NAMES } from './digest-name.ts';

const CRCS: readonly CrcName[] = ['crc32', 'crc32c', 'crc64nvme'];

/** Bit by bit, as the definition has it. */
function naiveCrc(name: CrcName, data: Uint8Array): string {
  const { polynomial, bytes } = CRC_KINDS[name];
  const ones = (1n << BigInt(8 * bytes)) - 1n;
  let crc = ones;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  }
  return (crc ^ ones).toString(16).padStart(2 * bytes, '0');
}

describe('digests', () => {
  it.each([
    // The check values of the CRC catalogue, and the well-known ones of hashes.
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['md5', '25f9e794323b453885f5181f1b624d0b'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('%s of 123456789 is %s', (name, expected) => {
    expect(digestOf(name, Buffer.from('123456789')).toString('hex')).toBe(expected);
  });

  it.each(CRCS)('%s is that of its definition, however the bytes come', name => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 6 }), pieces => {
        const digests = new BodyDigests([name]);
        for (const piece of pieces) digests.update(piece);
        expect(digests.finish()[name]?.toString('hex')).toBe(naiveCrc(name, Buffer.concat(pieces)));
      }),
    );
  });

  it.each(CRCS)('%s of a body longer than what is computed at a time', name => {
    const body = seededRandom(7).bytes(40_003);
    expect(digestOf(name, body).toString('hex')).toBe(naiveCrc(name, body));
  });

  it('of two bodies do not meet', () => {
    const first = new BodyDigests(DIGEST_NAMES);
    const second = new BodyDigests(DIGEST_NAMES);
    first.update(Buffer.from('a'));
    second.update(Buffer.from('x'));
    first.update(Buffer.from('b'));
    second.update(Buffer.from('y'));
    const [ab, xy] = [first.finish(), second.finish()];
    for (const name of DIGEST_NAMES) {
      expect(ab[name]).toEqual(digestOf(name, Buffer.from('ab')));
      expect(xy[name]).toEqual(digestOf(name, Buffer.from('xy')));
    }
    expect(ab.sha256).toEqual(createHash('sha256').update('ab').digest());
  });
});

describe('the CRC of a whole from those of its parts', () => {
  it.each(CRCS)('%s', name => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), parts => {
        const combined = combinedCrc(
          name,
          parts.map(part => ({ crc: digestOf(name, part), size: part.length })),
        );
        expect(combined).toEqual(digestOf(name, Buffer.concat(parts)));
      }),
    );
  });
});
