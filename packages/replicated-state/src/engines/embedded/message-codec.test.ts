import { randomInt, seededRandom } from '@stormglass/base';
import { expect, it } from 'vitest';
import { encodeMessage, MessageReader } from './message-codec.ts';
import type { FromZone, ToZone } from './messages.ts';

const entry = (seq: number, text: string) => ({ seq, epoch: 2, time: 5, payload: Buffer.from(text) });
const messages: (FromZone | ToZone)[] = [
  { type: 'pong' },
  { type: 'propose', log: 'iam', request: 7, payload: Buffer.from('payload') },
  {
    type: 'append',
    log: 'iam',
    epoch: 2,
    previous: { seq: 1, epoch: 1 },
    commit: 1,
    entries: [entry(2, ''), entry(3, 'x'.repeat(5000))],
  },
  { type: 'fetched', log: 'iam', from: 3, base: { seq: 0, epoch: 0 }, entries: [] },
  { type: 'commit', log: 'iam', commit: 9, proposed: [[1, 9]] },
];

it('gives back every message, however the bytes are cut', () => {
  const bytes = Buffer.concat(messages.flatMap(encodeMessage));
  for (let seed = 1; seed <= 50; seed++) {
    const random = seededRandom(seed);
    const seen: unknown[] = [];
    const reader = new MessageReader(message => seen.push(message));
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + randomInt(random, seed < 25 ? 7 : 3000);
      reader.push(bytes.subarray(at, at + size));
      at += size;
    }
    expect(seen, `seed ${seed}`).toEqual(messages);
  }
});

it('refuses a frame of absurd length', () => {
  const reader = new MessageReader(() => {});
  expect(() => reader.push(Buffer.from('ffffffff00000000', 'hex'))).toThrow(/a frame of/);
});
