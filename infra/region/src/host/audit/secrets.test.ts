/** What services call secret is in no event, whichever operation takes it or gives it out. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { loadService, type ServiceModel, type Shape } from '@stormglass/aws-wire';
import { Elements } from '@stormglass/service-kit';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../../..');
const SCHEMAS = globSync('services/*/schema.json', { cwd: root }).sort();
const CANARY = 'this-is-a-secret';
/** Secrets whatever the model says. */
const SECRET_NAMES = ['SecretAccessKey', 'WebIdentityToken', 'SAMLAssertion', 'Password', 'PrivateKey'];
const DEPTH_MAX = 6;

/** A value in which every secret is the canary, and how many of them there are. */
function filled(model: ServiceModel, shape: Shape, isSecret: boolean, found: { secrets: number }, depth = 0): unknown {
  const secret = isSecret || shape.sensitive === true;
  switch (shape.type) {
    case 'structure':
      return depth > DEPTH_MAX ? {} : structure(model, shape.name, secret, found, depth + 1);
    case 'list':
      return depth > DEPTH_MAX ? [] : [filled(model, shape.member, secret, found, depth + 1)];
    case 'map':
      return depth > DEPTH_MAX ? {} : { key: filled(model, shape.value, secret, found, depth + 1) };
    case 'timestamp':
      return new Date(0);
    case 'blob':
      if (secret) found.secrets++;
      return Buffer.from(secret ? CANARY : 'plain');
    case 'string':
      if (secret) found.secrets++;
      return secret ? CANARY : 'plain';
    default:
      return shape.type === 'boolean' ? true : 7;
  }
}

function structure(
  model: ServiceModel,
  name: string,
  isSecret: boolean,
  found: { secrets: number },
  depth = 0,
): object {
  const members = Object.entries(model.structures.get(name)?.members ?? {});
  return Object.fromEntries(
    members.map(([member, shape]) => [
      member,
      filled(model, shape, isSecret || SECRET_NAMES.includes(member), found, depth),
    ]),
  );
}

describe.each(SCHEMAS)('%s', file => {
  const model = loadService(JSON.parse(readFileSync(join(root, file), 'utf8')) as object);
  const elements = new Elements(model);
  it.each([...model.operations.values()].map(operation => [operation.name, operation] as const))(
    '%s',
    (_name, { input, output }) => {
      for (const shape of [input, output]) {
        if (shape === undefined) continue;
        const shown = JSON.stringify(elements.of(shape, structure(model, shape, false, { secrets: 0 })));
        expect(shown).not.toContain(CANARY);
        expect(shown).not.toContain(Buffer.from(CANARY).toString('base64'));
      }
    },
  );
});

it('finds secrets to look for', () => {
  const found = { secrets: 0 };
  for (const file of SCHEMAS) {
    const model = loadService(JSON.parse(readFileSync(join(root, file), 'utf8')) as object);
    for (const { input, output } of model.operations.values()) {
      for (const shape of [input, output]) if (shape !== undefined) structure(model, shape, false, found);
    }
  }
  expect(SCHEMAS.map(file => basename(dirname(file)))).toEqual(expect.arrayContaining(['iam', 'sts']));
  expect(found.secrets).toBeGreaterThan(3);
});
