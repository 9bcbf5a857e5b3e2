import { loadService } from '@stormglass/aws-wire';
import { expect, it } from 'vitest';
import schema from '../schema.json' with { type: 'json' };
import { STATUS } from './errors.ts';
import { OPERATIONS } from './operations/index.ts';

const model = loadService(schema);

/** Not in the model. */
const COMMON = new Set(['UnknownCommand', 'ValidationException']);

it.each(Object.entries(STATUS).filter(([code]) => !COMMON.has(code)))(
  '%s has the status of the model',
  (code, status) => expect(model.errors.get(code)).toMatchObject({ shape: code, status }),
);

it('has an operation for everything in the schema', () => {
  expect(OPERATIONS.map(each => each.name).sort()).toEqual([...model.operations.keys()].sort());
});
