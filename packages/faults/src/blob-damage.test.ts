import { expect, it } from 'vitest';
import { BlobDamage, type BlobDamageRule } from './blob-damage.ts';

const rule = (id: string): BlobDamageRule => ({ id, damage: 'blob-rot', share: 0.5, seed: 1 });

it('is told once, however often it is heard of, and also when nobody listened yet', () => {
  const damage = new BlobDamage();
  damage.replace([rule('a')]);
  const told: string[] = [];
  damage.listen(({ id }) => told.push(id));
  damage.replace([rule('a')]);
  damage.replace([rule('a'), rule('b')]);
  damage.replace([rule('b')]);
  damage.replace([rule('b'), rule('c')]);
  expect(told).toEqual(['a', 'b', 'c']);
});
