import { expect, it } from 'vitest';
import { bytesIn, fieldsOf, Message, numberIn } from './protobuf.ts';

it('encodes as the protobuf documentation shows', () => {
  expect(new Message().number(1, 150).encode().toString('hex')).toBe('089601');
  expect(new Message().bytes(2, Buffer.from('testing')).encode().toString('hex')).toBe('120774657374696e67');
  expect(new Message().message(3, new Message().number(1, 150)).encode().toString('hex')).toBe('1a03089601');
});

it('leaves out zero and empty values, but not empty messages', () => {
  expect(new Message().number(1, 0).flag(2, false).bytes(3, new Uint8Array()).encode()).toHaveLength(0);
  expect(new Message().message(4, new Message()).encode().toString('hex')).toBe('2200');
});

it('reads what it wrote, beyond 32 bits too', () => {
  const revision = 2 ** 40 + 12_345;
  const message = new Message()
    .number(3, revision)
    .flag(4, true)
    .bytes(15, Buffer.from('a'))
    .bytes(16, Buffer.from('b'));
  const encoded = message.encode();
  expect(numberIn(encoded, 3)).toBe(revision);
  expect(numberIn(encoded, 4)).toBe(1);
  expect(bytesIn(encoded, 16).map(String)).toEqual(['b']);
  expect([...fieldsOf(encoded)].map(([field]) => field)).toEqual([3, 4, 15, 16]);
});

it('refuses a message that is cut short', () => {
  expect(() => [...fieldsOf(Buffer.from('08ff', 'hex'))]).toThrow(/ends within/);
});
