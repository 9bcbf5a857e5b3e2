import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../aws-error.ts';
import { testSeed } from '../testing/sdk-services.ts';
import { SECRET, type SignOptions, signed } from '../testing/sign.ts';
import type { WireRequest } from '../wire-message.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { encodeUri } from './canonical-request.ts';
import { type Expected, verifySignature } from './verify.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

const request = (changes: Partial<WireRequest> = {}): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { host: 'localhost:4566', 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
  ...changes,
});

const expected: Expected = { regions: ['us-east-1'], services: ['sts', 's3', 'dynamodb'] };

function verify(signedRequest: WireRequest, nowMs = NOW, wanted = expected) {
  const authorization = parseAuthorization(signedRequest) as Authorization;
  return verifySignature(signedRequest, authorization, SECRET, nowMs, wanted);
}

/** Code, status and message of the error that `run` throws. */
function failure(run: () => unknown): { code: string; status: number; message: string } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { code: error.code, status: error.status, message: error.message };
  }
  throw new Error('nothing was thrown');
}

const sign = (changes: Partial<WireRequest> = {}, options: Partial<SignOptions> = {}) =>
  signed(request(changes), { nowMs: NOW, ...options });

describe('published examples', () => {
  // AWS documentation, "Authenticating Requests: Using the Authorization Header": S3 GET Object.
  it('verifies the S3 example', () => {
    const example: WireRequest = {
      method: 'GET',
      path: '/test.txt',
      query: '',
      headers: {
        host: 'examplebucket.s3.amazonaws.com',
        range: 'bytes=0-9',
        'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        'x-amz-date': '20130524T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
          'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
          'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      },
      body: Buffer.alloc(0),
    };
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const authorization = parseAuthorization(example) as Authorization;
    expect(verifySignature(example, authorization, secret, Date.UTC(2013, 4, 24), expected).service).toBe('s3');
  });

  // The same, "Using Query Parameters".
  it('verifies the presigned S3 example', () => {
    const example: WireRequest = {
      method: 'GET',
      path: '/test.txt',
      query:
        'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      headers: { host: 'examplebucket.s3.amazonaws.com' },
      body: Buffer.alloc(0),
    };
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const authorization = parseAuthorization(example) as Authorization;
    const verified = verifySignature(example, authorization, secret, Date.UTC(2013, 4, 24, 23), expected);
    expect(verified).toMatchObject({ isPresigned: true, payloadHash: 'UNSIGNED-PAYLOAD' });
  });

  // AWS documentation, "Elements of an AWS API request signature": IAM ListUsers.
  it('verifies the IAM example', () => {
    const example: WireRequest = {
      method: 'GET',
      path: '/',
      query: 'Action=ListUsers&Version=2010-05-08',
      headers: {
        host: 'iam.amazonaws.com',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-amz-date': '20150830T123600Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
          'SignedHeaders=content-type;host;x-amz-date, ' +
          'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
      },
      body: Buffer.alloc(0),
    };
    const authorization = parseAuthorization(example) as Authorization;
    const wanted = { regions: ['us-east-1'], services: ['iam'] };
    const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
    expect(verifySignature(example, authorization, secret, Date.UTC(2015, 7, 30, 12, 40), wanted).region).toBe(
      'us-east-1',
    );
  });
});

describe('against the official signer', () => {
  const seed = testSeed();
  const random = seededRandom(seed);
  const WORDS = ['a', 'b c', 'é', '100%', '~', '.', '-', '_', '(x)', "it's", '*', 'a+b', '=', '&', '/', '日本'];
  const word = () => pick(random, WORDS) + randomInt(random, 100);

  const randomRequest = (isS3: boolean): WireRequest => {
    const query = Array.from(
      { length: randomInt(random, 4) },
      () => `${encodeURIComponent(word())}=${encodeURIComponent(word())}`,
    );
    const segments = Array.from({ length: randomInt(random, 4) }, () => encodeUri(word()));
    const headers: Record<string, string> = { host: 'localhost:4566' };
    if (random.next() < 0.5) headers['x-amz-target'] = `Service.${randomInt(random, 100)}`;
    if (random.next() < 0.5) headers['x-amz-meta-text'] = `a   b ${randomInt(random, 100)}  `;
    const path = `/${segments.join('/')}${!isS3 && random.next() < 0.2 ? '//./x/../' : ''}`;
    const body = Buffer.from(random.bytes(randomInt(random, 100)));
    return { method: pick(random, ['GET', 'POST', 'PUT', 'DELETE']), path, query: query.join('&'), headers, body };
  };

  it(`accepts whatever it signs, in headers and in the query string (seed ${seed})`, async () => {
    for (let i = 0; i < 600; i++) {
      const isS3 = i % 2 === 0;
      const service = isS3 ? 's3' : 'sts';
      const presigned = i % 3 === 0 ? { expiresSeconds: 60 } : {};
      const options = { nowMs: NOW, service, ...presigned };
      const plain = randomRequest(isS3);
      const sent = await signed(plain, options);
      expect(() => verify(sent), `${i}: ${JSON.stringify(plain)}`).not.toThrow();
    }
  });

  it(`refuses every change to what was signed (seed ${seed})`, async () => {
    for (let i = 0; i < 60; i++) {
      const sent = await signed(randomRequest(false), { nowMs: NOW });
      for (const changed of tamperings(sent, random)) {
        expect(failure(() => verify(changed)).status, `${i}: ${JSON.stringify(changed)}`).toBeGreaterThanOrEqual(400);
      }
    }
  });
});

function tamperings(sent: WireRequest, random: Random): WireRequest[] {
  const authorization = sent.headers.authorization!;
  const at = authorization.length - 1 - randomInt(random, 64);
  const digit = authorization[at] === '0' ? '1' : '0';
  const otherSignature = authorization.slice(0, at) + digit + authorization.slice(at + 1);
  return [
    { ...sent, method: `${sent.method}X` },
    { ...sent, path: `${sent.path}x` },
    { ...sent, query: `${sent.query}&extra=1` },
    { ...sent, body: Buffer.concat([sent.body, Buffer.from('x')]) },
    { ...sent, headers: { ...sent.headers, host: 'elsewhere' } },
    { ...sent, headers: { ...sent.headers, 'x-amz-extra': '1' } },
    { ...sent, headers: { ...sent.headers, 'x-amz-date': '20260101T120001Z' } },
    { ...sent, headers: { ...sent.headers, authorization: otherSignature } },
    {
      ...sent,
      headers: {
        ...sent.headers,
        authorization: authorization.replace('AKIDEXAMPLE', 'ASIDEXAMPLE').replace('us-east-1', 'us-east-2'),
      },
    },
    { ...sent, headers: { ...sent.headers, authorization: authorization.replace('host;', '') } },
  ];
}

describe('time', () => {
  it('refuses signatures older or newer than 15 minutes, in the words of AWS', async () => {
    const sent = await sign();
    expect(() => verify(sent, NOW + 15 * MINUTE)).not.toThrow();
    expect(() => verify(sent, NOW - 15 * MINUTE)).not.toThrow();
    expect(failure(() => verify(sent, NOW + 16 * MINUTE))).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
      message: 'Signature expired: 20260101T120000Z is now earlier than 20260101T120100Z (20260101T121600Z - 15 min.)',
    });
    expect(failure(() => verify(sent, NOW - 16 * MINUTE)).message).toBe(
      'Signature not yet current: 20260101T120000Z is still later than 20260101T115900Z (20260101T114400Z + 15 min.)',
    );
  });

  it('has other codes for S3 and for JSON services', async () => {
    const late = NOW + 16 * MINUTE;
    const s3 = await sign({ method: 'GET' }, { service: 's3' });
    expect(failure(() => verify(s3, late))).toMatchObject({ code: 'RequestTimeTooSkewed', status: 403 });
    const json = await sign(
      { headers: { host: 'h', 'x-amz-target': 'DynamoDB_20120810.ListTables' } },
      { service: 'dynamodb' },
    );
    expect(failure(() => verify(json, late))).toMatchObject({ code: 'InvalidSignatureException', status: 400 });
  });

  it('honours the lifetime of presigned URLs', async () => {
    const sent = await sign({ method: 'GET', body: Buffer.alloc(0) }, { service: 's3', expiresSeconds: 3600 });
    expect(() => verify(sent, NOW + 60 * MINUTE)).not.toThrow();
    expect(failure(() => verify(sent, NOW + 61 * MINUTE))).toMatchObject({
      code: 'AccessDenied',
      message: 'Request has expired',
    });
  });

  it('refuses a date that is no date', async () => {
    const sent = await sign();
    for (const date of ['20261301T000000Z', '2026-01-01T00:00:00Z', '', '20260101T250000Z']) {
      const changed = { ...sent, headers: { ...sent.headers, 'x-amz-date': date } };
      expect(failure(() => verify(changed)).code).toBe('IncompleteSignature');
    }
  });
});

describe('scope', () => {
  it('must name the region and the service of the endpoint', async () => {
    const sent = await sign({}, { region: 'eu-west-1', service: 'ec3' });
    expect(failure(() => verify(sent))).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
      message: "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'sts'. ",
    });
    const s3 = await sign({ method: 'GET' }, { region: 'eu-west-1', service: 's3' });
    expect(failure(() => verify(s3))).toMatchObject({ code: 'AuthorizationHeaderMalformed', status: 400 });
  });
});

describe('what must be signed', () => {
  it('is the host and every x-amz- header', async () => {
    const sent = await sign();
    const more = { ...sent, headers: { ...sent.headers, 'x-amz-acl': 'public-read' } };
    expect(failure(() => verify(more)).message).toBe("'x-amz-acl' must be a 'SignedHeader' in the AWS Authorization.");
    const s3 = await sign({ method: 'GET' }, { service: 's3' });
    const moreS3 = { ...s3, headers: { ...s3.headers, 'x-amz-acl': 'public-read' } };
    expect(failure(() => verify(moreS3))).toMatchObject({ code: 'AccessDenied', status: 403 });
    const traced = { ...sent, headers: { ...sent.headers, 'x-amzn-trace-id': 'Root=1', 'x-forwarded-for': '::1' } };
    expect(() => verify(traced)).not.toThrow();
  });
});

describe('session tokens', () => {
  const accepting = {
    ...expected,
    isSessionToken: (token: string, key: string) => token === 'good' && key === 'ASIAEXAMPLE',
  };
  const temporary = { accessKeyId: 'ASIAEXAMPLE' };

  it('are required for temporary keys and checked', async () => {
    const good = await sign({}, { ...temporary, sessionToken: 'good' });
    expect(() => verify(good, NOW, accepting)).not.toThrow();
    expect(failure(() => verify(good, NOW, expected))).toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
    const bad = await sign({}, { ...temporary, sessionToken: 'bad' });
    expect(failure(() => verify(bad, NOW, accepting)).code).toBe('InvalidClientTokenId');
    const none = await sign({}, temporary);
    expect(failure(() => verify(none, NOW, accepting)).code).toBe('InvalidClientTokenId');
  });

  it('are checked in presigned URLs too', async () => {
    const options = { ...temporary, service: 's3', expiresSeconds: 60 };
    const get = { method: 'GET', body: Buffer.alloc(0) };
    const good = await sign(get, { ...options, sessionToken: 'good' });
    expect(() => verify(good, NOW, accepting)).not.toThrow();
    const bad = await sign(get, { ...options, sessionToken: 'bad' });
    expect(failure(() => verify(bad, NOW, accepting))).toMatchObject({ code: 'InvalidToken', status: 400 });
  });

  it('are refused beside a long-term key', async () => {
    const sent = await sign({}, { sessionToken: 'good' });
    expect(failure(() => verify(sent, NOW, accepting)).code).toBe('InvalidClientTokenId');
  });
});

describe('the authorization itself', () => {
  const parse = (authorization: string, query = '') =>
    failure(() =>
      parseAuthorization(request({ query, headers: { host: 'h', 'x-amz-date': '20260101T120000Z', authorization } })),
    );

  it('is undefined when there is none', () => {
    expect(parseAuthorization(request())).toBeUndefined();
  });

  it('names everything that is missing', () => {
    expect(parse('AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request')).toEqual({
      code: 'IncompleteSignature',
      status: 400,
      message:
        "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
        'Authorization=AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request',
    });
    expect(parse('Basic abc').message).toBe("Unsupported AWS 'algorithm': 'Basic' (only AWS4-HMAC-SHA256 for now). ");
  });

  it('must not be given twice', async () => {
    const sent = await sign();
    const both = { ...sent, query: 'X-Amz-Signature=0' };
    expect(failure(() => parseAuthorization(both)).code).toBe('InvalidArgument');
    const rawHeaders = ['Authorization', 'a', 'AUTHORIZATION', 'b'];
    expect(failure(() => parseAuthorization({ ...sent, rawHeaders })).code).toBe('InvalidArgument');
  });
});

describe('payload', () => {
  it('is compared with x-amz-content-sha256', async () => {
    const sent = await sign({ method: 'PUT', body: Buffer.from('data') }, { service: 's3' });
    expect(() => verify(sent)).not.toThrow();
    expect(failure(() => verify({ ...sent, body: Buffer.from('date') }))).toMatchObject({
      code: 'XAmzContentSHA256Mismatch',
      status: 400,
    });
  });
});
