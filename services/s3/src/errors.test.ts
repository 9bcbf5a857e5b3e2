import { loadService } from '@stormglass/aws-wire';
import { expect, it } from 'vitest';
import schema from '../schema.json' with { type: 'json' };
import { CATALOGUE } from './errors.ts';
import { OPERATIONS } from './operations/index.ts';
import { PERMISSIONS } from './permissions/index.ts';

const model = loadService(schema);

/** The model calls them so, and says nothing of their status. */
it.each(Object.entries(CATALOGUE).filter(([code]) => model.errors.get(code)?.status !== undefined))(
  '%s has the status of the model',
  (code, [status]) => {
    expect(model.errors.get(code)).toMatchObject({ status });
  },
);

it('has an operation for everything in the schema', () => {
  expect(OPERATIONS.map(each => each.name).sort()).toEqual([...model.operations.keys()].sort());
});

it('has a permission for every operation but the one that asks for each key', () => {
  const without = OPERATIONS.filter(({ permission }) => permission === 'none').map(({ name }) => name);
  expect(without).toEqual(['DeleteObjects']);
  expect([...Object.keys(PERMISSIONS), ...without].sort()).toEqual(OPERATIONS.map(({ name }) => name).sort());
});
