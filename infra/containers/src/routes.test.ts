import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROUTES } from './routes.ts';

it('says of services what their models say', () => {
  for (const { service, prefix, model } of ROUTES) {
    const file = new URL(`../../../services/${service}/schema.json`, import.meta.url);
    const { signingName, targetPrefix } = JSON.parse(readFileSync(file, 'utf8')) as typeof model;
    expect({ ...model, prefix }).toEqual({ signingName, targetPrefix, prefix: signingName });
  }
});
