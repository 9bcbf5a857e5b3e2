import { expect, it } from 'vitest';
import { HASHES, keyHash } from './key-hash.ts';

const hash = (text: string) => keyHash(Buffer.from(text));

it('never changes, because maps of partitions are made of it', () => {
  expect(['', 'a', 'customer-1', 'customer-2', '日本'].map(hash)).toEqual([
    0, 3320656311, 2082910183, 2561675102, 2995264306,
  ]);
});

it('spreads keys that differ in little', () => {
  const parts = new Array<number>(16).fill(0);
  const count = 16_000;
  for (let i = 0; i < count; i++) parts[Math.floor((hash(`customer-${i}`) / HASHES) * 16)]!++;
  // Sixteen standard deviations: a fair hash is never that far off, and one that is not spread always is.
  for (const part of parts) expect(Math.abs(part - count / 16)).toBeLessThan(16 * Math.sqrt(count / 16));
});
