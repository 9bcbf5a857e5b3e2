/** Pages of other sites: what browsers are told before and after a request. */
import { PutBucketCorsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
});
afterAll(() => host.close());

const put = (...CORSRules: object[]) =>
  host.root.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: CORSRules as never } }));
const ask = (headers: Record<string, string>, path = `/${Bucket}/key`) =>
  host.fetch(path, { method: 'OPTIONS', headers });

const RULES = [
  {
    AllowedMethods: ['PUT', 'GET'],
    AllowedOrigins: ['https://*.example.com'],
    AllowedHeaders: ['x-amz-*', 'Content-Type'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 60,
  },
  { AllowedMethods: ['GET'], AllowedOrigins: ['*'] },
];

it('answers a browser that asks first', async () => {
  await put(...RULES);
  const answer = await ask({
    origin: 'https://app.example.com',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'content-type, X-Amz-Date',
  });
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-allow-methods': 'PUT, GET',
    'access-control-allow-headers': 'content-type, x-amz-date',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'ETag',
    'access-control-max-age': '60',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  });
  const open = await ask({ origin: 'http://elsewhere.test', 'access-control-request-method': 'GET' });
  expect(open.headers.get('access-control-allow-origin')).toBe('*');
  expect(open.headers.get('access-control-allow-credentials')).toBeNull();
});

it.each([
  ['a method', { 'access-control-request-method': 'DELETE' }],
  ['a header', { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-other' }],
])('refuses %s that no rule allows', async (_what, headers) => {
  await put(...RULES);
  const answer = await ask({ origin: 'https://app.example.com', ...headers } as Record<string, string>);
  expect(answer.status).toBe(403);
  const body = await answer.text();
  expect(body).toContain('<Code>AccessForbidden</Code>');
  expect(body).toContain('CORSResponse: This CORS request is not allowed.');
  expect(body).toContain('<ResourceType>OBJECT</ResourceType>');
});

it('says what is missing', async () => {
  const other = await host.bucket();
  const origin = 'https://app.example.com';
  const texts = await Promise.all([
    ask({}).then(answer => answer.text()),
    ask({ origin }).then(answer => answer.text()),
    ask({ origin, 'access-control-request-method': 'GET' }, `/${other}`).then(answer => answer.text()),
  ]);
  expect(texts[0]).toContain('Insufficient information. Origin request header needed.');
  expect(texts[1]).toContain('Invalid Access-Control-Request-Method: null');
  expect(texts[2]).toContain('CORSResponse: CORS is not enabled for this bucket.');
});

it('lets pages see other answers, errors included', async () => {
  await put(...RULES);
  await host.root.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x' }));
  const answer = await host.fetch(`/${Bucket}/key`, { headers: { origin: 'https://app.example.com' } });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  const without = await host.fetch(`/${Bucket}/key`);
  expect(without.headers.get('access-control-allow-origin')).toBeNull();
});

it.each([
  [
    { AllowedMethods: ['PATCH'], AllowedOrigins: ['*'] },
    'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
  ],
  [
    { AllowedMethods: ['GET'], AllowedOrigins: ['http://*.*.test'] },
    'AllowedOrigin "http://*.*.test" can not have more than one wildcard.',
  ],
  [
    { AllowedMethods: ['GET'], AllowedOrigins: ['*'], ExposeHeaders: ['x-*'] },
    'ExposeHeader "x-*" contains wildcard. We currently do not support wildcard for ExposeHeader.',
  ],
])('refuses the rule %j', async (rule, message) => {
  await expect(put(rule)).rejects.toMatchObject(refusal('InvalidRequest', 400, message));
});
