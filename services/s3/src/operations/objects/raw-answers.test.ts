/** What an SDK does not show of answers about objects, or cannot ask: seen from the socket. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { signRequest } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
  const open = { BlockPublicPolicy: false, RestrictPublicBuckets: false };
  await host.root.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: open }));
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await host.root.send(new PutBucketPolicyCommand({ Bucket, Policy }));
});
afterAll(() => host.close());

const put = (Key: string, more: object = {}) =>
  host.root.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ...more }));

describe('answers to strangers who may read', () => {
  it('have the length of what HEAD does not send', async () => {
    await put('length', { ContentType: 'text/plain', ContentEncoding: 'identity', Expires: new Date(0) });
    const head = await host.fetch(`/${Bucket}/length`, { method: 'HEAD' });
    expect(Object.fromEntries(head.headers)).toMatchObject({
      'content-length': '5',
      'content-type': 'text/plain',
      'accept-ranges': 'bytes',
      expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
    });
    expect(head.headers.get('x-amz-version-id')).toBeNull();
  });

  it('have no body when nothing has changed', async () => {
    const { ETag } = await put('same');
    const answer = await host.fetch(`/${Bucket}/same`, { headers: { 'if-none-match': ETag! } });
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', ETag]);
    expect(answer.headers.get('last-modified')).not.toBeNull();
  });

  it('cannot be named otherwise', async () => {
    await put('name');
    const answer = await host.fetch(`/${Bucket}/name?response-content-type=text/html`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
  });

  it('say which condition did not hold, and what there is of a range', async () => {
    await put('say');
    const unmatched = await host.fetch(`/${Bucket}/say`, { headers: { 'if-match': '"x"' } });
    expect([unmatched.status, await unmatched.text()]).toEqual([
      412,
      expect.stringContaining('<Condition>If-Match</Condition>'),
    ]);
    const outside = await host.fetch(`/${Bucket}/say`, { headers: { range: 'bytes=5-' } });
    expect([outside.status, await outside.text()]).toEqual([
      416,
      expect.stringContaining('<RangeRequested>bytes=5-</RangeRequested><ActualObjectSize>5</ActualObjectSize>'),
    ]);
  });
});

describe('uploads by strangers', () => {
  it('belong to the bucket', async () => {
    expect((await host.fetch(`/${Bucket}/stranger`, { method: 'PUT', body: 'hello' })).status).toBe(200);
    const latest = host.view.latest(Bucket, 'stranger');
    expect(latest?.owner).toBe(host.view.bucket(Bucket)!.account);
  });

  it('say how long they are', async () => {
    const body = Readable.toWeb(Readable.from([Buffer.from('hello')])) as ReadableStream;
    const answer = await host.fetch(`/${Bucket}/unknown`, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    expect(answer.status).toBe(411);
    expect(await answer.text()).toContain('<Code>MissingContentLength</Code>');
  });

  it('are the bytes that were signed', async () => {
    const signer = { accessKeyId: ACCOUNT, secretAccessKey: 'test', region: REGION, service: 's3' };
    const { host: name } = new URL(host.endpoint);
    const wrong = { method: 'PUT', path: `/${Bucket}/signed`, body: Buffer.from('hello'), payload: 'a'.repeat(64) };
    const { headers } = signRequest(signer, wrong, { nowMs: Date.now(), host: name });
    const { host: _, ...sent } = headers;
    const answer = await host.fetch(`/${Bucket}/signed`, { method: 'PUT', body: 'hello', headers: sent });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
    expect(text).toContain(`<ClientComputedContentSHA256>${'a'.repeat(64)}</ClientComputedContentSHA256>`);
    expect(host.view.latest(Bucket, 'signed')).toBeUndefined();
  });

  it.each([
    ['NhCmhg==', 200, ''],
    ['AAAAAA==', 400, 'The CRC32 you specified did not match the calculated checksum.'],
    ['nonsense', 400, 'Value for x-amz-checksum-crc32 header is invalid.'],
  ])('are those of the checksum behind them: %s', async (checksum, status, message) => {
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    const body = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`;
    const answer = await host.fetch(`/${Bucket}/trailer`, { method: 'PUT', body, headers });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(message)]);
  });

  it('that break off leave nothing', async () => {
    const before = (await Array.fromAsync(host.files.list())).length;
    const { hostname, port } = new URL(host.endpoint);
    const socket = connect(Number(port), hostname);
    socket.write(`PUT /${Bucket}/broken HTTP/1.1\r\nhost: x\r\ncontent-length: 300000\r\n\r\n`);
    socket.write('x'.repeat(150_000));
    await once(socket, 'drain').catch(() => {});
    socket.end();
    await once(socket.resume(), 'close');
    await expect.poll(async () => (await Array.fromAsync(host.files.list())).length).toBe(before);
    expect(host.view.latest(Bucket, 'broken')).toBeUndefined();
  });

  it('may say what means nothing', async () => {
    const headers = { expires: '0', 'x-amz-meta-empty': '' };
    expect((await host.fetch(`/${Bucket}/odd`, { method: 'PUT', body: 'hello', headers })).status).toBe(200);
    const unread = { 'if-modified-since': 'yesterday', 'if-unmodified-since': '' };
    const answer = await host.fetch(`/${Bucket}/odd`, { headers: unread });
    expect([answer.status, await answer.text(), answer.headers.get('expires')]).toEqual([200, 'hello', '0']);
  });

  it('are not longer than 5 GiB', async () => {
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(5 * 1024 ** 3 + 1),
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    const answer = await host.fetch(`/${Bucket}/huge`, { method: 'PUT', body: '0\r\n\r\n', headers });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<MaxSizeAllowed>5368709120</MaxSizeAllowed>');
  });
});

it('a delete marker is told in headers', async () => {
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await host.root.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await put('marked');
  const { VersionId } = await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'marked' }));
  const latest = await host.fetch(`/${Bucket}/marked`);
  expect(latest.status).toBe(404);
  const marker = await host.fetch(`/${Bucket}/marked?versionId=${VersionId}`);
  expect(marker.status).toBe(405);
  for (const answer of [latest, marker]) {
    expect(answer.headers.get('x-amz-delete-marker')).toBe('true');
    expect(answer.headers.get('x-amz-version-id')).toBe(VersionId);
  }
  expect(marker.headers.get('allow')).toBe('DELETE');
});

it('tells when a lifecycle will end an object', async () => {
  const rule = { ID: 'soon', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } } as const;
  await host.root.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }),
  );
  expect((await put('logs/a')).Expiration).toMatch(/^expiry-date=".+ GMT", rule-id="soon"$/);
  expect((await put('other')).Expiration).toBeUndefined();
  const head = await host.fetch(`/${Bucket}/logs/a`, { method: 'HEAD' });
  expect(head.headers.get('x-amz-expiration')).toContain('rule-id="soon"');
});
