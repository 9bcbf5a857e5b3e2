/** Whatever arrives, only an AwsError comes out, and soon. Mutations of valid requests of all protocols. */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { mutatedText } from '@stormglass/testing';
import { expect, it } from 'vitest';
import { AwsError } from './aws-error.ts';
import { readInput, resolve, writeError } from './protocols/dispatch.ts';
import { parseAuthorization } from './sigv4/authorization.ts';
import { verifySignature } from './sigv4/verify.ts';
import { RandomShapes } from './testing/random-shape.ts';
import { type SdkService, sdkServices, testSeed } from './testing/sdk-services.ts';
import { SdkWire } from './testing/sdk-wire.ts';
import { SECRET, signed } from './testing/sign.ts';
import { validate } from './validate/validate.ts';
import type { WireRequest } from './wire-message.ts';

const MUTATIONS = 20_000;
const NOW = Date.UTC(2026, 0, 1);
const FRAGMENTS = [
  ...[
    '%',
    '%zz',
    '%ff',
    '%00',
    '&',
    '=',
    '.',
    '..',
    '+',
    ';',
    ',',
    '/',
    '//',
    '?',
    '\0',
    '\r\n',
    '\ud800',
    'é',
    '"',
    "'",
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '[[[[[[[[',
    '{"a":',
    'null',
    '1e999',
    '-0',
    '9'.repeat(400),
    'true',
    '__proto__',
    'constructor',
  ],
  ...[
    '<',
    '>',
    '</',
    '<!DOCTYPE x [<!ENTITY e "e">]>',
    '&e;',
    '&#x110000;',
    '<![CDATA[',
    '<!--',
    ']]>',
    '<a>'.repeat(200),
  ],
  ...[
    '.member.1',
    '.member.999999999999',
    '.entry.1.key',
    '.1'.repeat(100),
    'X-Amz-Signature=',
    'AWSAccessKeyId=',
    'Action=',
  ],
];

const changed = (random: Random, text: string): string => mutatedText(random, text, FRAGMENTS);

function mutated(random: Random, request: WireRequest): WireRequest {
  switch (randomInt(random, 6)) {
    case 0:
      return { ...request, path: `/${changed(random, request.path.slice(1))}` };
    case 1:
      return { ...request, query: changed(random, request.query) };
    case 2: {
      const names = Object.keys(request.headers);
      if (names.length === 0) return request;
      const name = pick(random, names);
      const headers = { ...request.headers };
      if (random.next() < 0.2) delete headers[name];
      else headers[name] = changed(random, String(headers[name]));
      return { ...request, headers };
    }
    case 3: {
      const body = Buffer.from(request.body);
      if (body.length > 0) body[randomInt(random, body.length)] = randomInt(random, 256);
      return { ...request, body };
    }
    default:
      return { ...request, body: Buffer.from(changed(random, request.body.toString('latin1')), 'latin1') };
  }
}

interface Sample {
  service: SdkService;
  request: WireRequest;
}

async function samples(random: Random): Promise<Sample[]> {
  const out: Sample[] = [];
  for (const service of sdkServices()) {
    const shapes = new RandomShapes(random, service.model);
    const wire = new SdkWire(service);
    const operations = [...service.model.operations.values()];
    for (let i = 0; i < 8; i++) {
      const { name, input } = pick(random, operations);
      const plain = await wire.request(name, input === undefined ? {} : shapes.structure(input));
      const headers = { host: 'localhost', ...plain.headers };
      const options = { nowMs: NOW, service: service.model.signingName, ...(i === 0 && { expiresSeconds: 60 }) };
      out.push({ service, request: await signed({ ...plain, headers }, options) });
    }
  }
  return out;
}

/** What a server would do with a request, the signature last, because otherwise hardly anything would come past it. */
function serve({ model }: SdkService, request: WireRequest): void {
  const authorization = parseAuthorization(request);
  const call = resolve(model, request);
  validate(call, readInput(call, request));
  if (authorization === undefined) return;
  verifySignature(request, authorization, SECRET, NOW, { regions: ['us-east-1'], services: [model.signingName] });
}

it(`answers ${MUTATIONS} mutated requests (seed ${testSeed()})`, async () => {
  const random = seededRandom(testSeed());
  const all = await samples(random);
  let refused = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const { service, request: valid } = pick(random, all);
    let request = valid;
    for (let n = 1 + randomInt(random, 3); n > 0; n--) request = mutated(random, request);
    try {
      serve(service, request);
    } catch (error) {
      const where = () =>
        `mutation ${i} of ${service.id}: ${JSON.stringify({ ...request, body: request.body.toString('latin1') })}`;
      if (!(error instanceof AwsError)) throw new Error(where(), { cause: error });
      expect(writeError(service.model, error, request, 'request-id').status, where()).toBeGreaterThanOrEqual(400);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(MUTATIONS / 2);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
