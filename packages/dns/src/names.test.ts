import { seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { canonicalName, NAME_BYTES_MAX, parentName, readName, writeName } from './names.ts';

const bytesOf = (name: string): Buffer => {
  const bytes = Buffer.alloc(300);
  return bytes.subarray(0, writeName(name, bytes, 0));
};

describe('names', () => {
  it.each([
    ['', '00'],
    ['.', '00'],
    ['a.bc', '0161026263 00'],
    ['a.bc.', '0161026263 00'],
    ['a\\.b.c', '03612e62 0163 00'],
    ['a\\\\b', '03615c62 00'],
    ['\\000\\255x', '0300ff78 00'],
    ['*.a', '012a 0161 00'],
  ])('writes %j', (name, hex) => {
    expect(bytesOf(name).toString('hex')).toBe(hex.replaceAll(' ', ''));
  });

  it.each([
    ['.a', 'empty label'],
    ['a..b', 'empty label'],
    ['..', 'empty label'],
    ['a'.repeat(64), 'label of 64 bytes'],
    [`${'a.'.repeat(127)}b`, 'too long'],
    ['a.'.repeat(3000), '6000 characters'],
    ['\u0100', 'no byte'],
    ['a\\256', 'no byte'],
    ['a\\', 'no byte'],
  ])('refuses %j', (name, reason) => {
    expect(() => bytesOf(name)).toThrow(reason);
  });

  it('writes the longest name there may be', () => {
    const name = `${'a.'.repeat(126)}b`;
    expect(bytesOf(name)).toHaveLength(NAME_BYTES_MAX);
    expect(readName(bytesOf(name), 0)).toEqual({ text: name, end: NAME_BYTES_MAX });
  });

  it.each([
    ['nothing', ''],
    ['a label that is cut off', '0561'],
    ['a name without its end', '0161'],
    ['a pointer', 'c000'],
    ['a pointer behind a label', '0161c000'],
    ['a label of 64 bytes', `40${'61'.repeat(64)}00`],
    ['256 bytes', `${'0161'.repeat(127)}016100`],
  ])('does not read %s', (_, hex) => {
    expect(readName(Buffer.from(hex, 'hex'), 0)).toBeUndefined();
  });

  it('reads in lower case, ASCII only, and keeps every byte', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2_000; round++) {
      const labels = Array.from({ length: 1 + (round % 4) }, () => {
        const label = random.bytes(1 + (random.bytes(1)[0]! % 20));
        return Buffer.from([label.length, ...label]);
      });
      const wire = Buffer.concat([...labels, Buffer.from([0])]);
      const name = readName(wire, 0)!;
      expect(name.end).toBe(wire.length);
      const back = bytesOf(name.text);
      const lower = Buffer.from(wire.map(byte => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)));
      expect(back.equals(lower)).toBe(true);
      expect(canonicalName(name.text)).toBe(name.text);
    }
  });

  it('has one spelling', () => {
    expect(canonicalName('WWW.Example.Test.')).toBe('www.example.test');
    expect(canonicalName('\\119ww\\046x')).toBe('www\\.x');
  });

  it('goes up', () => {
    expect(['a.b', 'b', '', 'a\\.b.c'].map(parentName)).toEqual(['b', '', undefined, 'c']);
  });
});
