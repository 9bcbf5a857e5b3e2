import { expect, it } from 'vitest';
import { extract, readSchema, SERVICES } from './extract-schemas.ts';

// The constraints come from botocore, which is not installed everywhere; `extract` keeps those of the file.
it.each(Object.keys(SERVICES))('services/%s/schema.json is what the installed SDK says', async id => {
  const fresh = await extract(id, undefined);
  expect(fresh, 'run: node tools/extract-schemas.ts').toEqual(readSchema(id));
});

it.each(Object.keys(SERVICES))('services/%s/schema.json has the constraints of its inputs', id => {
  const { constraints, structures } = readSchema(id);
  for (const [structure, members] of Object.entries(constraints)) {
    expect(Object.keys(structures[structure]?.members ?? {})).toEqual(expect.arrayContaining(Object.keys(members)));
  }
  expect(Object.keys(constraints).length).toBeGreaterThan(0);
});
