import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SECRET } from '../testing/sign.ts';
import { bucketInHost } from './bucket-in-host.ts';
import { parseFormSignature, verifyFormSignature } from './form-signature.ts';

describe('the bucket in a host name', () => {
  it.each([
    ['photos.s3.us-east-1.amazonaws.com', 'photos'],
    ['photos.s3.amazonaws.com:4566', 'photos'],
    ['Photos.S3-us-west-2.amazonaws.com', 'photos'],
    ['my.dotted.bucket.s3.dualstack.eu-west-1.amazonaws.com', 'my.dotted.bucket'],
    ['a.s3.b.s3.us-east-1.amazonaws.com', 'a.s3.b'],
    ['fast--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com', 'fast--use1-az4--x-s3'],
    ['photos.s3.us-east-1.stormglass.localhost:4566', 'photos'],
    ['photos.s3.localhost', 'photos'],
    ['photos.localhost:4566', 'photos'],
    ['photos.s3.cn-north-1.amazonaws.com.cn', 'photos'],
  ])('%s names %s', (host, bucket) => {
    expect(bucketInHost({ headers: { host } })).toBe(bucket);
  });

  it.each([
    ...['localhost:4566', '127.0.0.1:4566', 's3.us-east-1.amazonaws.com', 's3.amazonaws.com', 's3.localhost'],
    ...['s3.us-east-1.stormglass.localhost', 'us-east-1.stormglass.localhost', 'photos.example.com', ''],
    ...['[::1]:4566', '.s3.amazonaws.com', `${'a.s3.'.repeat(10_000)}amazonaws.com`],
  ])('%s names none', host => {
    expect(bucketInHost({ headers: { host } })).toBeUndefined();
  });
});

describe('the signature of a form', () => {
  const expected = { regions: ['us-east-1'], services: ['s3'] };
  const policy = Buffer.from('{"expiration":"2026-12-30T12:00:00.000Z","conditions":[]}').toString('base64');
  const fields = (more: Record<string, string>) => new Map(Object.entries({ key: 'k', policy, ...more }));
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const v4 = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': 'AKIAEXAMPLE/20261121/us-east-1/s3/aws4_request',
    'x-amz-date': '20261121T000000Z',
    'x-amz-signature': hmac(
      hmac(hmac(hmac(hmac(`AWS4${SECRET}`, '20261121'), 'us-east-1'), 's3'), 'aws4_request'),
      policy,
    ).toString('hex'),
  };
  const v2 = {
    awsaccesskeyid: 'AKIAEXAMPLE',
    signature: createHmac('sha1', SECRET).update(policy).digest('base64'),
  };
  const verify = (more: Record<string, string>) =>
    verifyFormSignature(parseFormSignature(fields(more))!, SECRET, expected);

  it('covers the policy, in version 4 and in version 2', () => {
    expect(verify(v4)).toMatchObject({ accessKeyId: 'AKIAEXAMPLE', region: 'us-east-1' });
    expect(verify(v2)).toMatchObject({ accessKeyId: 'AKIAEXAMPLE' });
    for (const signature of [v4, v2]) {
      expect(() => verify({ ...signature, policy: `${policy}AA` })).toThrow(/signature we calculated/);
    }
  });

  it('is for this place, and its token for its key', () => {
    const credential = 'AKIAEXAMPLE/20261121/eu-west-1/s3/aws4_request';
    expect(() => verify({ ...v4, 'x-amz-credential': credential })).toThrow(/Credential is mal-formed/);
    expect(() => verify({ ...v4, 'x-amz-date': 'yesterday' })).toThrow(/X-Amz-Date/);
    expect(() => verify({ ...v4, 'x-amz-security-token': 'made up' })).toThrow(/token/);
  });

  it('may not be there, but not in part', () => {
    expect(parseFormSignature(new Map([['key', 'k']]))).toBeUndefined();
    for (const missing of ['x-amz-date', 'x-amz-signature', 'x-amz-credential', 'x-amz-algorithm']) {
      const { [missing as 'x-amz-date']: _, ...rest } = v4;
      expect(() => parseFormSignature(fields(rest))).toThrow(`must contain a field named '${missing}'`);
    }
    expect(() => parseFormSignature(fields({}))).toThrow(/AWSAccessKeyId/);
    expect(() => parseFormSignature(new Map(Object.entries(v4)))).toThrow(/policy/);
  });
});
