import { expect, it } from 'vitest';
import { hexId, iamId, secretKey, uuid } from './ids.ts';
import { seededRandom } from './random.ts';

const random = seededRandom(42);

it('makes version 4 UUIDs', () => {
  expect(uuid(random)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('makes ids in the shapes of IAM', () => {
  expect(iamId(random, 'AROA')).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect(iamId(random, 'AKIA')).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(secretKey(random)).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(hexId(random, 8)).toMatch(/^[0-9a-f]{16}$/);
});
