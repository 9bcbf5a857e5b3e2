import type { WireRequest } from '@stormglass/aws-wire';
import { seededRandom, silentLogger } from '@stormglass/base';
import { SERVICES } from '@stormglass/region/services';
import { bodyOf, type RequestBody, silentTelemetry } from '@stormglass/service-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { RequestForwarder } from './request-forwarder.ts';
import type { PassedBack, PassedOn } from './service-connection.ts';

const ORIGIN = { remoteAddress: '192.0.2.7', isSecure: true };

let passed: (PassedOn & { service: string })[];
let streamed: (Omit<PassedOn, 'body'> & { body: RequestBody })[];
let answer: () => Promise<PassedBack>;
let forwarder: RequestForwarder;

beforeEach(() => {
  passed = [];
  streamed = [];
  answer = async () => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from('<ok/>') });
  const connection = (service: string) => ({
    pass: (request: PassedOn) => {
      passed.push({ ...request, service });
      return answer();
    },
    passStreamed: async (request: (typeof streamed)[number]) => {
      streamed.push(request);
      return { status: 200, headers: {}, body: undefined };
    },
  });
  forwarder = new RequestForwarder({
    connections: new Map(SERVICES.map(service => [service, connection(service)])),
    ...{ zone: 'use1-az1', random: seededRandom(1), logger: silentLogger, telemetry: silentTelemetry },
  });
});

const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

function send(request: Partial<Omit<WireRequest, 'body'>>, body = '') {
  const headers = { host: 'localhost:4566', 'x-amz-date': '20261121T000000Z', ...request.headers };
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  const head = { method: 'POST', path: '/', query: '', ...request, headers, rawHeaders };
  return forwarder.handle(head, bodyOf(Buffer.from(body)), ORIGIN);
}

describe('finds the service of a request by', () => {
  it.each(['acm-pca', 'dynamodb', 'iam', 'route53', 'sts'])('its signature: %s', async service => {
    expect(await send({ headers: { authorization: signedFor(service) } })).toMatchObject({ status: 200 });
    expect(passed).toMatchObject([{ service }]);
  });

  it('its name', async () => {
    await send({ headers: { host: 'sts.us-east-1.amazonaws.com' } });
    expect(passed).toMatchObject([{ service: 'sts' }]);
  });

  it('its target', async () => {
    await send({ headers: { 'x-amz-target': 'ACMPrivateCA.GetCertificate' } });
    expect(passed).toMatchObject([{ service: 'acm-pca' }]);
  });

  it('its action, where that needs no signature', async () => {
    await send({}, 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15');
    expect(passed).toMatchObject([{ service: 'sts' }]);
    expect(await send({}, 'Action=GetCallerIdentity&Version=2011-06-15')).toMatchObject({ status: 403 });
    expect(passed).toHaveLength(1);
  });

  it('its path', async () => {
    await send({ method: 'GET', path: '/_stormglass/acme/directory' });
    expect(passed).toMatchObject([{ service: 'acme', path: '/_stormglass/acme/directory' }]);
  });
});

it('holds no body of S3, whoever signed it or nobody', async () => {
  for (const headers of [{ authorization: signedFor('s3') }, { authorization: signedFor('s3express') }, {}]) {
    await send({ method: 'PUT', path: '/photos/cat', headers }, 'bytes');
    const { method, path, headers: sent, body } = streamed.pop()!;
    expect([method, path, sent.includes('content-length')]).toEqual(['PUT', '/photos/cat', false]);
    expect((await body.whole()).toString()).toBe('bytes');
  }
  expect(passed).toEqual([]);
});

it('passes everything on that was signed, and says where it came from', async () => {
  const headers = {
    ...{
      authorization: signedFor('iam'),
      'X-Amz-Meta-Odd': ' spaces ',
      connection: 'keep-alive',
      expect: '100-continue',
    },
    ...{ 'x-stormglass-client': 'http 127.0.0.1', 'X-Stormglass-Traceparent': 'made up' },
  };
  await send({ headers, query: 'a=1&a=2' }, 'Action=ListUsers');
  const [{ path, headers: sent, body }] = passed as unknown as [PassedOn];
  expect([path, body.toString()]).toEqual(['/?a=1&a=2', 'Action=ListUsers']);
  expect(sent).toEqual([
    ...['host', 'localhost:4566', 'x-amz-date', '20261121T000000Z', 'authorization', signedFor('iam')],
    ...['X-Amz-Meta-Odd', ' spaces ', 'content-length', '16', 'x-stormglass-client', 'https 192.0.2.7'],
  ]);
});

describe('answers as AWS would', () => {
  it('a request that does not say whom it is for', async () => {
    expect(await send({})).toMatchObject({ status: 403, body: expect.stringContaining('MissingAuthenticationToken') });
    expect(passed).toEqual([]);
  });

  it('a request for a service that is not here', async () => {
    const { status, headers } = await send({ headers: { authorization: signedFor('lambda') } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['x-stormglass-zone']).toBe('use1-az1');
    expect(passed).toEqual([]);
  });

  it('a request whose service does not answer', async () => {
    answer = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const response = await send({ headers: { authorization: signedFor('iam') } });
    expect(response).toMatchObject({ status: 503, headers: { connection: 'close' } });
    expect(response.body).toContain('ServiceUnavailable');
  });

  it('a body that cannot be read', async () => {
    const head = {
      method: 'POST',
      path: '/',
      query: '',
      headers: { authorization: signedFor('iam'), 'x-amz-date': '20261121T000000Z' },
      rawHeaders: [],
    };
    const broken = { ...bodyOf(Buffer.alloc(0)), whole: () => Promise.reject(new Error('the client hung up')) };
    expect(await forwarder.handle(head, broken, ORIGIN)).toMatchObject({ status: 500 });
  });
});
