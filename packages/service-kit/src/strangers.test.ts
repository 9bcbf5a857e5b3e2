/** Services that answer strangers, and resources that carry their own policies: who may, by which state. */
import { AwsError } from '@stormglass/aws-wire';
import { systemClock } from '@stormglass/base';
import { compilePolicyText } from '@stormglass/identity';
import { errorCode, exchange, signRequest, type UnsignedRequest } from '@stormglass/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenCall, ResourceOwner } from './operation.ts';
import { type BytesHost, type BytesHostOptions, startBytesHost } from './testing/bytes-host.ts';

let host: BytesHost;
afterEach(() => host.close());

const ACCOUNT = '000000000001';
const OTHER = { accessKeyId: '000000000002', secretAccessKey: 'test', region: 'us-east-1', service: 's3' };
const NOBODY = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'secret', region: 'us-east-1', service: 's3' };

/** Everybody may get what begins with `public`; one account may put. */
const POLICY = compilePolicyText(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 's3:Get*', Resource: 'arn:aws:s3:::bucket/public*' },
      { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 's3:Put', Resource: '*' },
    ],
  }),
  'resource',
);

const arnOf = (input: Record<string, unknown>) => `arn:aws:s3:::${input.Bucket}/${input.Key ?? ''}`;

const start = async ({ owner, ...options }: BytesHostOptions & { owner?: () => ResourceOwner | undefined } = {}) => {
  host = await startBytesHost({
    permission: { resource: arnOf, owner: owner ?? (() => ({ account: ACCOUNT, policy: POLICY })) },
    ...options,
    hooks: { anonymous: true, ...options.hooks },
  });
};

async function ask(request: UnsignedRequest, signer?: typeof OTHER, headers: Record<string, string> = {}) {
  const { host: name = 'localhost', ...more } = headers;
  const options = { nowMs: systemClock.now(), host: name, headers: more };
  const { method, path, query, headers: all, body } = signRequest(signer ?? OTHER, request, options);
  const { authorization, ...unsigned } = all;
  const sent = signer === undefined ? unsigned : { ...unsigned, authorization: authorization! };
  const lines = Object.entries(sent).map(([header, value]) => `${header}: ${value}\r\n`);
  const text = `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  const { responses } = await exchange(host.port, text, { responses: 1, endAfterSending: false });
  const [response] = responses;
  return { status: response!.status, code: errorCode(response!), head: response!.head };
}

const get = (key: string): UnsignedRequest => ({ method: 'GET', path: `/bucket/${key}` });

describe('a stranger', () => {
  it('gets what a policy gives to everybody, and nothing else', async () => {
    await start();
    expect(await ask(get('public/a'))).toMatchObject({ status: 206 });
    expect(await ask(get('secret'))).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(host.handled.map(({ call }) => call)).toMatchObject([
      { principal: { kind: 'anonymous' }, accountId: '', signed: undefined, commandId: undefined },
    ]);
  });

  it('is told to sign where nobody else is answered', async () => {
    await start({ hooks: { anonymous: undefined as never } });
    expect(await ask(get('public/a'))).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' });
    const response = await ask(get('public/a'), undefined, { host: 's3.us-east-1.amazonaws.com' });
    expect(response).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('that names nothing is asked for a signature', async () => {
    await start();
    expect(await ask({ method: 'GET', path: '/' })).toMatchObject({ code: 'MissingAuthenticationToken' });
  });

  it('cannot have signed the chunks of a body', async () => {
    await start();
    const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    expect(await ask({ method: 'PUT', path: '/bucket/public', payload })).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('the policy of a resource', () => {
  it('lets others in, who need no policy of their own account where they are root', async () => {
    await start();
    expect(await ask(get('public/a'), OTHER)).toMatchObject({ status: 206 });
    expect(await ask(get('secret'), OTHER)).toMatchObject({ status: 403 });
    expect(await ask(get('secret'), host.root)).toMatchObject({ status: 206 });
    expect(await ask(get('public/a'), NOBODY)).toMatchObject({ status: 206 });
    expect(await ask(get('secret'), NOBODY)).toMatchObject({ status: 403 });
  });

  it('is asked with a state that is up to date, for a write at least before it refuses', async () => {
    let isFresh = false;
    let asked = 0;
    const owner = () => {
      asked++;
      if (!isFresh) throw new AwsError('NoSuchBucket', 404, 'Not here yet.');
      return { account: ACCOUNT, policy: POLICY };
    };
    const upToDate = async () => {
      isFresh = true;
    };
    await start({ owner, upToDate });
    expect(await ask({ method: 'PUT', path: '/bucket/new' }, host.root)).toMatchObject({ status: 200 });
    expect(asked).toBe(2);
  });

  it('is asked about whatever the handler wants to know as well', async () => {
    let allowed: (call: OpenCall) => Promise<void> = async () => {};
    await start({
      async take() {
        await allowed(host.handled.at(-1)!.call);
        return 0;
      },
    });
    const owner = { account: ACCOUNT, policy: POLICY };
    allowed = call => call.allow({ action: 's3:GetSource', resource: 'arn:aws:s3:::bucket/public', owner });
    expect(await ask({ method: 'PUT', path: '/bucket/copy' }, host.root)).toMatchObject({ status: 200 });
    allowed = call =>
      call.allow({ action: 's3:GetSource', resource: 'arn:aws:s3:::bucket/s', owner: { account: '9' } });
    expect(await ask({ method: 'PUT', path: '/bucket/copy' }, host.root)).toMatchObject({ status: 403 });
  });
});

describe('names', () => {
  it('of hosts may name the bucket', async () => {
    await start();
    const headers = { host: 'bucket.s3.us-east-1.amazonaws.com' };
    expect(await ask({ method: 'GET', path: '/public/a' }, undefined, headers)).toMatchObject({ status: 206 });
    expect(await ask({ method: 'GET', path: '/a' }, host.root, headers)).toMatchObject({ status: 206 });
    expect(host.handled.map(({ key }) => key)).toEqual(['public/a', 'a']);
  });

  it('of keys reach the operation as they are', async () => {
    await start();
    const keys = [
      'a/../b',
      '/leading',
      'a//b',
      'trailing/',
      '.',
      '..',
      'a+b',
      'ü/漢/🙂',
      'a%2Fb',
      ' ',
      'k'.repeat(1024),
    ];
    for (const key of keys) {
      const path = key.split('/').map(encodeURIComponent).join('/');
      expect(await ask(get(path), host.root)).toMatchObject({ status: 206 });
    }
    expect(await ask(get('a%2Fb'), host.root)).toMatchObject({ status: 206 });
    expect(host.handled.map(({ key }) => key)).toEqual([...keys, 'a/b']);
  });

  it('of services may be two', async () => {
    await start({ hooks: { alsoSignedAs: ['s3express'] } });
    expect(await ask(get('secret'), { ...host.root, service: 's3express' })).toMatchObject({ status: 206 });
    const elsewhere = await ask(get('secret'), { ...host.root, region: 'eu-west-1' });
    expect(elsewhere).toMatchObject({ status: 400, code: 'AuthorizationHeaderMalformed' });
  });
});

describe('hooks', () => {
  it('answer before anybody is asked who they are, and add to every answer', async () => {
    await start({
      hooks: {
        before: async ({ method }) =>
          method === 'OPTIONS' ? { status: 200, headers: { 'x-early': 'yes' }, body: undefined } : undefined,
        after: (_request, { headers }) => {
          headers['x-late'] = 'yes';
        },
      },
    });
    const early = await ask({ method: 'OPTIONS', path: '/bucket/secret' });
    expect([early.status, early.head.includes('x-early: yes')]).toEqual([200, true]);
    const responses = [early, await ask(get('secret')), await ask(get('public'))];
    expect(responses.map(({ head }) => head.includes('x-late: yes'))).toEqual([true, true, true]);
  });

  it('take what no model describes, with whoever signed it', async () => {
    const seen: unknown[] = [];
    await start({
      hooks: {
        unmodelled: ({ method }) =>
          method === 'POST'
            ? {
                name: 'Form',
                async handle(_request, body, { caller, authorize }) {
                  const fields = new Map(Object.entries(JSON.parse((await body.whole()).toString()) as object));
                  const call = await caller(fields);
                  seen.push(call.principal.kind);
                  await authorize('Put', { Bucket: 'bucket', Key: 'k' }, call);
                  return { status: 204, headers: {}, body: undefined };
                },
              }
            : undefined,
      },
    });
    const post = (fields: object) =>
      ask({ method: 'POST', path: '/bucket', body: Buffer.from(JSON.stringify(fields)) });
    expect(await post({})).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await post({ policy: 'e30=', awsaccesskeyid: ACCOUNT, signature: 'no' })).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    expect(seen).toEqual(['anonymous']);
  });
});
