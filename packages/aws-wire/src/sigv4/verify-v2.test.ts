import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { WireRequest } from '../wire-message.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { verifySignature } from './verify.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EXPIRES = 1_175_139_620;

const get = (path: string, query: string, hostBucket?: string): WireRequest => ({
  method: 'GET',
  path,
  query,
  headers: { host: 'localhost' },
  body: Buffer.alloc(0),
  ...(hostBucket !== undefined && { hostBucket }),
});

function verify(request: WireRequest, nowMs = EXPIRES * 1000 - 1000, services = ['s3']) {
  const authorization = parseAuthorization(request) as Authorization;
  return verifySignature(request, authorization, SECRET, nowMs, { regions: [], services });
}

const QUERY = `AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=${EXPIRES}`;

// AWS documentation, "Signing and authenticating REST requests", query string request authentication.
const published = get('/photos/puppy.jpg', `${QUERY}&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D`, 'johnsmith');

it('verifies the published example, in either style of naming the bucket', () => {
  expect(verify(published)).toMatchObject({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', isPresigned: true });
  expect(() => verify(get('/johnsmith/photos/puppy.jpg', published.query))).not.toThrow();
});

it('refuses other objects, late requests, other services and incomplete parameters', () => {
  expect(() => verify({ ...published, path: '/photos/kitten.jpg' })).toThrow(/signature/);
  expect(() => verify(published, EXPIRES * 1000 + 1)).toThrow('Request has expired');
  expect(() => verify(published, EXPIRES * 1000 - 1000, ['sts'])).toThrow(/signature/);
  expect(() => verify(get('/', QUERY))).toThrow(/requires the Signature/);
});

it('covers the query keys that name a part of the resource', () => {
  const stringToSign = `GET\n\n\n${EXPIRES}\n/bucket/key?versionId=3`;
  const signature = encodeURIComponent(createHmac('sha1', SECRET).update(stringToSign).digest('base64'));
  expect(() => verify(get('/bucket/key', `versionId=3&${QUERY}&Signature=${signature}`))).not.toThrow();
  expect(() => verify(get('/bucket/key', `versionId=4&${QUERY}&Signature=${signature}`))).toThrow(/signature/);
});
