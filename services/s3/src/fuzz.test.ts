/**
 * Whatever arrives is answered as S3 would, and harms nobody: mutations of requests for all operations, most of them
 * signed after they were changed, so that they get as far as they can. `STORMGLASS_FUZZ` is how many.
 */
import { pick, type Random, randomInt, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { bodyOf, type Pipeline, standalonePipeline } from '@stormglass/service-kit';
import type { Signer } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createS3Service } from './app.ts';
import { DRAFTS, type Draft, mutated, requestOf } from './testing/fuzz-requests.ts';
import { ACCOUNT, REGION, type S3Host, startS3Host } from './testing/s3-host.ts';

const MUTATIONS = Number(process.env.STORMGLASS_FUZZ ?? 1500);
const SEED = Number(process.env.STORMGLASS_SEED ?? 20_261_121);
const ORIGIN = { remoteAddress: '127.0.0.1', isSecure: false };
const SIGNER: Signer = { accessKeyId: ACCOUNT, secretAccessKey: 'test', region: REGION, service: 's3' };

let host: S3Host;
let pipeline: Pipeline;

beforeAll(async () => {
  host = await startS3Host();
  const { deps } = host;
  pipeline = standalonePipeline({
    ...{ services: [createS3Service(deps)], iam: deps.iam, clock: systemClock },
    ...{ random: seededRandom(SEED), logger: silentLogger },
  });
});
afterAll(() => host.close());

async function bytesOf(body: Awaited<ReturnType<Pipeline['handle']>>['body']): Promise<string> {
  if (body === undefined || typeof body === 'string') return body ?? '';
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function ask(draft: Draft, isSpoilt = false, random?: Random) {
  const request = requestOf(draft, SIGNER, systemClock.now());
  const { body, headers, ...head } = request;
  const spoilt = isSpoilt ? { ...head, path: spoil(random!, head.path), query: spoil(random!, head.query) } : head;
  const response = await pipeline.handle({ ...spoilt, headers }, bodyOf(body), ORIGIN);
  return { ...response, body: await bytesOf(response.body) };
}

/** Changes a text without regard for what it is: the signature will not match. */
function spoil(random: Random, text: string): string {
  const at = randomInt(random, text.length + 1);
  return text.slice(0, at) + pick(random, ['%', '%zz', '%ff', '&', '=', '\ud800', '?', '']) + text.slice(at);
}

const draftFor = (method: string, key: string, query: Draft['query'] = [], body = '', headers = {}): Draft => ({
  ...{ method, bucket: 'photos', key, query, body, headers },
});

const XML_ERROR = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<Error><Code>[A-Za-z0-9]+<\/Code><Message>/;

async function newUpload(): Promise<string> {
  const { body } = await ask(draftFor('POST', 'parts', [['uploads', undefined]]));
  return /<UploadId>([^<]+)/.exec(body)?.[1] ?? 'none';
}

it(`answers ${MUTATIONS} mutated requests (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const statuses = new Map<number, number>();
  let upload = '';
  for (let i = 0; i < MUTATIONS; i++) {
    if (i % 200 === 0) {
      await ask({ ...draftFor('PUT', ''), headers: { 'x-amz-bucket-object-lock-enabled': 'true' } });
      await ask(draftFor('PUT', 'a/b.txt', [], 'some content'));
      upload = await newUpload();
    }
    const from = pick(random, DRAFTS);
    let draft: Draft = {
      ...from,
      query: from.query.map(([name, value]) => [name, value === 'UPLOAD' ? upload : value]),
    };
    for (let step = 0; step <= randomInt(random, 3); step++) draft = mutated(random, draft);
    const told = JSON.stringify(draft).slice(0, 2000);
    const { status, body, headers } = await ask(draft, random.next() < 0.1, random).catch((error: unknown) => {
      throw new Error(`no answer to ${told}`, { cause: error });
    });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect([status >= 200, status < 600, status === 500, status === 503], `${status} ${body} to ${told}`).toEqual([
      true,
      true,
      false,
      false,
    ]);
    if (status >= 400 && draft.method !== 'HEAD') expect(body, told).toMatch(XML_ERROR);
    for (const [name, value] of Object.entries(headers)) {
      expect(`${name}: ${value}`, told).toMatch(/^[\w!#$%&'*+.^`|~-]+: [\t\x20-\x7e\x80-\xff]*$/);
    }
  }
  // Mutations that get nowhere prove nothing.
  expect((statuses.get(200) ?? 0) / MUTATIONS).toBeGreaterThan(0.1);
  expect(pipeline.admission.inFlight).toBe(0);
  await ask({ ...draftFor('PUT', ''), bucket: 'afterwards' });
  expect(await ask({ ...draftFor('PUT', 'k', [], 'still here'), bucket: 'afterwards' })).toMatchObject({ status: 200 });
  expect(await ask({ ...draftFor('GET', 'k'), bucket: 'afterwards' })).toMatchObject({ body: 'still here' });
}, 600_000);
