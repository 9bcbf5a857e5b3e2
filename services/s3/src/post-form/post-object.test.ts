/** Forms of browsers, as Node's own `FormData` sends them. */
import { createHmac, randomBytes } from 'node:crypto';
import { GetObjectCommand, PutBucketPolicyCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, type S3Host, startS3Host } from '../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
});
afterAll(() => host.close());

type Fields = Record<string, string>;

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The fields that the maker of a form adds: the policy, signed. */
function signed(conditions: readonly unknown[], { secret = 'test', lifeMs = 60_000 } = {}): Fields {
  const now = new Date();
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const own = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${ACCOUNT}/${date}/${REGION}/s3/aws4_request`,
    'x-amz-date': time,
  };
  const all = [{ bucket: Bucket }, ...conditions, ...Object.entries(own).map(([name, value]) => ({ [name]: value }))];
  const expiration = new Date(now.getTime() + lifeMs).toISOString();
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: all })).toString('base64');
  const key = [date, REGION, 's3', 'aws4_request'].reduce<string | Buffer>((k, text) => hmac(k, text), `AWS4${secret}`);
  return { ...own, policy, 'x-amz-signature': hmac(key, policy).toString('hex') };
}

function post(fields: Fields, file?: Uint8Array | string, name = 'photo.jpg'): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  if (file !== undefined) form.append('file', new Blob([file as never]), name);
  return host.fetch(`/${Bucket}`, { method: 'POST', body: form, redirect: 'manual' });
}

const KEY = ['starts-with', '$key', 'up/'];
const errorOf = async (response: Response) => {
  const text = await response.text();
  const [, code] = /<Code>(.*?)<\/Code>/.exec(text) ?? [];
  const [, message] = /<Message>(.*?)<\/Message>/s.exec(text) ?? [];
  return { status: response.status, code, message };
};
async function get(Key: string) {
  const answer = await host.root.send(new GetObjectCommand({ Bucket, Key }));
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
}

describe('a form that is allowed', () => {
  it.each([10, 300_000])('brings a file of %i bytes', async size => {
    const file = randomBytes(size);
    const fields = { key: `up/$\{filename}`, 'Content-Type': 'image/jpeg', 'x-amz-meta-color': 'blue' };
    const conditions = [KEY, ['starts-with', '$Content-Type', 'image/'], { 'x-amz-meta-color': 'blue' }];
    const response = await post({ ...fields, ...signed(conditions) }, file, `${size}.jpg`);
    expect(await response.text()).toBe('');
    expect(response.status).toBe(204);
    const read = await get(`up/${size}.jpg`);
    expect(read.bytes.equals(file)).toBe(true);
    expect(read).toMatchObject({ ContentType: 'image/jpeg', Metadata: { color: 'blue' } });
    expect(response.headers.get('etag')).toBe(read.ETag);
  });

  it('may say what no header can carry', async () => {
    const odd = 'ü\x01雪';
    await post({ key: 'up/odd', 'x-amz-meta-odd': odd, ...signed([KEY, { 'x-amz-meta-odd': odd }]) }, 'x');
    const { metadata } = host.view.latest(Bucket, 'up/odd') as { metadata: Record<string, string> };
    expect(Buffer.from((await get('up/odd')).Metadata!.odd!, 'latin1').toString()).toBe('ü 雪');
    expect(metadata.odd).toHaveLength(6);
  });

  it('is answered as it asks', async () => {
    const created = await post(
      { key: 'up/201', success_action_status: '201', ...signed([KEY, { success_action_status: '201' }]) },
      'x',
    );
    expect(created.status).toBe(201);
    const text = await created.text();
    expect(text).toContain(`<Bucket>${Bucket}</Bucket><Key>up/201</Key>`);
    const success_action_redirect = 'https://example.com/done?a=b';
    const redirected = await post(
      { key: 'up/303', success_action_redirect, ...signed([KEY, { success_action_redirect }]) },
      'x',
    );
    expect(redirected.status).toBe(303);
    const { searchParams } = new URL(redirected.headers.get('location')!);
    expect(Object.fromEntries(searchParams)).toMatchObject({ a: 'b', bucket: Bucket, key: 'up/303' });
  });
});

describe('a form that is not allowed', () => {
  it.each<[string, () => Fields, number, string, string]>([
    [
      'another key',
      () => ({ key: 'other', ...signed([KEY]) }),
      403,
      'AccessDenied',
      'Invalid according to Policy: Policy Condition failed',
    ],
    [
      'a field too many',
      () => ({ key: 'up/x', acl: 'private', ...signed([KEY]) }),
      403,
      'AccessDenied',
      'Extra input fields: acl',
    ],
    [
      'an expired policy',
      () => ({ key: 'up/x', ...signed([KEY], { lifeMs: -1000 }) }),
      403,
      'AccessDenied',
      'Policy expired.',
    ],
    [
      'a wrong signature',
      () => ({ key: 'up/x', ...signed([KEY], { secret: 'wrong' }) }),
      403,
      'SignatureDoesNotMatch',
      '',
    ],
    [
      'a file too large',
      () => ({ key: 'up/x', ...signed([KEY, ['content-length-range', 0, 3]]) }),
      400,
      'EntityTooLarge',
      'exceeds',
    ],
    [
      'a file too small',
      () => ({ key: 'up/x', ...signed([KEY, ['content-length-range', 10, 30]]) }),
      400,
      'EntityTooSmall',
      'smaller',
    ],
    ['no key', () => signed([]), 400, 'InvalidArgument', 'Bucket POST must contain a field named'],
    ['no signature', () => ({ key: 'up/x' }), 403, 'AccessDenied', ''],
    [
      'fields too large',
      () => ({ key: 'up/x', 'x-amz-meta-a': 'x'.repeat(30_000) }),
      400,
      'MaxPostPreDataLengthExceeded',
      '',
    ],
  ])('%s', async (_, fields, status, code, message) => {
    const error = await errorOf(await post(fields(), 'abcd'));
    expect(error).toMatchObject({ status, code, message: expect.stringContaining(message) });
    await expect(get('up/x')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('to do more than to put', async () => {
    const open = await host.bucket();
    await host.root.send(
      new PutPublicAccessBlockCommand({
        Bucket: open,
        PublicAccessBlockConfiguration: { BlockPublicPolicy: false, RestrictPublicBuckets: false },
      }),
    );
    const Resource = `arn:aws:s3:::${open}/*`;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await host.root.send(new PutBucketPolicyCommand({ Bucket: open, Policy }));
    const form = new FormData();
    form.append('key', 'tagged');
    form.append('x-amz-tagging', 'a=b');
    form.append('file', new Blob(['hello']), 'x');
    const answer = await host.fetch(`/${open}`, { method: 'POST', body: form });
    expect(await errorOf(answer)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('without a file', async () =>
    expect(await errorOf(await post({ key: 'up/x', ...signed([KEY]) }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      message: 'POST requires exactly one file upload per request.',
    }));

  it.each([
    ['multipart/form-data; boundary=abc', 'nonsense', 400, 'MalformedPOSTRequest'],
    ['multipart/form-data; other=abc', 'nonsense', 400, 'MalformedPOSTRequest'],
    ['application/json', '{}', 412, 'PreconditionFailed'],
  ])('%s %j', async (type, body, status, code) => {
    const response = await host.fetch(`/${Bucket}`, { method: 'POST', body, headers: { 'content-type': type } });
    expect(await errorOf(response)).toMatchObject({ status, code });
  });
});

it('that breaks off leaves nothing', async () => {
  const field = (name: string, value: string) =>
    `--abc\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const fields = Object.entries({ key: 'up/broken', ...signed([KEY]) }).map(([name, value]) => field(name, value));
  const body = `${fields.join('')}${field('file', 'x'.repeat(50_000)).trimEnd()}`;
  const headers = { 'content-type': 'multipart/form-data; boundary=abc' };
  const broken = await host.fetch(`/${Bucket}`, { method: 'POST', body, headers });
  expect(await errorOf(broken)).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' });
  await expect(get('up/broken')).rejects.toMatchObject({ name: 'NoSuchKey' });
  const whole = await host.fetch(`/${Bucket}`, { method: 'POST', body: `${body}\r\n--abc--\r\n`, headers });
  expect(whole.status).toBe(204);
  expect((await get('up/broken')).bytes).toHaveLength(50_000);
});

it('needs no signature where everybody may write', async () => {
  const open = await host.bucket();
  await host.root.send(
    new PutPublicAccessBlockCommand({
      Bucket: open,
      PublicAccessBlockConfiguration: { BlockPublicPolicy: false, RestrictPublicBuckets: false },
    }),
  );
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${open}/*` }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await host.root.send(new PutBucketPolicyCommand({ Bucket: open, Policy }));
  const form = new FormData();
  form.append('key', 'anybody');
  form.append('file', new Blob(['hello']), 'x');
  expect((await host.fetch(`/${open}/`, { method: 'POST', body: form })).status).toBe(204);
  const answer = await host.root.send(new GetObjectCommand({ Bucket: open, Key: 'anybody' }));
  expect(await answer.Body!.transformToString()).toBe('hello');
});
