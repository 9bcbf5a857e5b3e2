/** Presigned uploads whose headers stand in the URL, as SDKs make them. */
import { createHash, createHmac } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, REGION, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
});
afterAll(() => host.close());

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The path and query of a PUT that `accessKeyId` allows. */
function presigned(key: string, headers: Record<string, string>, accessKeyId: string, secret: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), REGION, 's3', 'aws4_request'];
  const signature = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope.join('/')}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
  };
  const pairs = Object.entries({ ...signature, ...headers }).map(pair => pair.map(encodeURIComponent).join('='));
  const query = pairs.toSorted().join('&');
  const path = `/${Bucket}/${key}`;
  const { host: name } = new URL(host.endpoint);
  const canonical = `PUT\n${path}\n${query}\nhost:${name}\n\nhost\nUNSIGNED-PAYLOAD`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signingKey = scope.reduce<string | Buffer>((k, text) => hmac(k, text), `AWS4${secret}`);
  return `${path}?${query}&X-Amz-Signature=${hmac(signingKey, toSign).toString('hex')}`;
}

it('are uploads with these headers', async () => {
  const headers = { 'x-amz-meta-color': 'blue', 'x-amz-storage-class': 'STANDARD_IA' };
  const url = presigned('a', headers, ACCOUNT, 'test');
  expect((await host.fetch(url, { method: 'PUT', body: 'hello' })).status).toBe(200);
  const head = await host.root.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
  expect(head).toMatchObject({ Metadata: { color: 'blue' }, StorageClass: 'STANDARD_IA', ContentLength: 5 });
});

it('need the permissions that the headers need', async () => {
  await host.user('putter', [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }]);
  const key = 'AKIAPUTTERAAAAAAAAAA';
  const plain = presigned('b', {}, key, 'secret');
  expect((await host.fetch(plain, { method: 'PUT', body: 'hello' })).status).toBe(200);
  const tagged = presigned('c', { 'x-amz-tagging': 'a=b' }, key, 'secret');
  expect((await host.fetch(tagged, { method: 'PUT', body: 'hello' })).status).toBe(403);
  expect(host.view.latest(Bucket, 'c')).toBeUndefined();
});
