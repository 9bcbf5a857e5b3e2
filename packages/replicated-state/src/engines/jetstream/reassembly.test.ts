import { pick, seededRandom } from '@stormglass/base';
import { expect, it } from 'vitest';
import type { LogEntry } from '../../log.ts';
import { Reassembly } from './reassembly.ts';

const entry = (seq: number): LogEntry => ({ seq, time: seq, payload: new Uint8Array() });
const seqs = (run: readonly LogEntry[]) => run.map(e => e.seq);

it('hands out a run as soon as the entry before it arrives', () => {
  const reassembly = new Reassembly(5);
  expect(seqs(reassembly.offer(entry(7)))).toEqual([]);
  expect(seqs(reassembly.offer(entry(6)))).toEqual([]);
  expect(reassembly.gapped).toBe(true);
  expect(seqs(reassembly.offer(entry(5)))).toEqual([5, 6, 7]);
  expect(reassembly.gapped).toBe(false);
  expect(reassembly.next).toBe(8);
});

it('drops what was handed out before', () => {
  const reassembly = new Reassembly(1);
  reassembly.offer(entry(1));
  expect(seqs(reassembly.offer(entry(1)))).toEqual([]);
  expect(reassembly.has(1)).toBe(true);
  expect(reassembly.has(2)).toBe(false);
});

it('gives every entry once and in order, however they arrive', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seededRandom(seed);
    const reassembly = new Reassembly(1);
    const out: number[] = [];
    const all = Array.from({ length: 40 }, (_, i) => i + 1);
    while (out.length < all.length) out.push(...seqs(reassembly.offer(entry(pick(random, all)))));
    expect(out, `seed ${seed}`).toEqual(all);
  }
});
