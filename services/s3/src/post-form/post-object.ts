/**
 * Uploads by forms of browsers ("Browser-based uploads using POST", Amazon S3 API Reference): the policy that the form
 * carries is what its maker signed, and says what whoever has the form may upload.
 */
import { escapeXml, headerText, type WireResponse } from '@stormglass/aws-wire';
import type { OpenCall, RequestBody, RequestHead, Unmodelled, UnmodelledTools } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { invalidArgument, notOffered, s3Error } from '../errors.ts';
import { bucketNamed } from '../find.ts';
import { headOfFields } from '../headers/header-value.ts';
import { locationOf } from '../object-data/location.ts';
import { type PutDone, putBody } from '../object-data/put-body.ts';
import { UPLOAD_BYTES_MAX } from '../object-data/put-limits.ts';
import { hasKey, requestedBucket } from '../requested-bucket.ts';
import { type PostedFile, readForm } from './form-body.ts';
import { allowedSize, meetPolicy, meetSize, type PostPolicy, readPolicy, type SizeRange } from './policy.ts';

/** Takes the requests that are forms: what is posted to a bucket, and is none of the model's operations. */
export const postForms =
  (deps: S3Deps) =>
  (request: RequestHead): Unmodelled | undefined => {
    if (request.method !== 'POST' || request.query !== '' || hasKey(request)) return undefined;
    const bucket = requestedBucket(request);
    if (bucket === undefined) return undefined;
    return { name: 'PostObject', handle: (head, body, tools) => post(deps, bucket, { head, body, tools }) };
  };

interface Arrived {
  readonly head: RequestHead;
  readonly body: RequestBody;
  readonly tools: UnmodelledTools;
}

async function post(deps: S3Deps, bucketName: string, { head, body, tools }: Arrived): Promise<WireResponse> {
  const contentType = headerText(head.headers, 'content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType))
    throw s3Error('PreconditionFailed', {
      Condition: 'Bucket POST must be of the enclosure-type multipart/form-data',
    });
  if (body.length === undefined) throw s3Error('MissingContentLength');
  const file = await readForm(contentType, body.stream());
  try {
    const key = keyOf(file);
    const fields = new Map(file.fields).set('key', key);
    const call = await tools.caller(fields);
    const signed = fields.get('policy');
    const policy = signed === undefined ? undefined : readPolicy(signed);
    if (policy !== undefined) meetPolicy(policy, { bucket: bucketName, fields }, call.now);
    const settings = new Map([...fields, ['x-amz-acl', fields.get('acl') ?? fields.get('x-amz-acl') ?? '']]);
    if (settings.get('x-amz-acl') === '') settings.delete('x-amz-acl');
    if (fields.has('tagging')) throw notOffered('Tags in forms');
    await tools.authorize('PutObject', inputOf(bucketName, key, settings), call);
    const done = await store(deps, call, { bucketName, key, settings, file, policy });
    return answer(head, call, { bucketName, key, fields, done });
  } finally {
    file.end();
  }
}

function keyOf({ fields, filename }: PostedFile): string {
  const key = fields.get('key');
  if (key === undefined || key === '')
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      'key',
      '',
    );
  return key.replaceAll(FILENAME, () => filename);
}

/** As permissions see it. */
const inputOf = (Bucket: string, Key: string, settings: ReadonlyMap<string, string>): Record<string, unknown> => ({
  Bucket,
  Key,
  ...Object.fromEntries(Object.entries(MEMBERS).map(([member, field]) => [member, settings.get(field)])),
});

interface Posted {
  readonly bucketName: string;
  readonly key: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly file: PostedFile;
  readonly policy: PostPolicy | undefined;
}

function store(deps: S3Deps, call: OpenCall, { bucketName, key, settings, file, policy }: Posted): Promise<PutDone> {
  const range = policy === undefined ? ANY_SIZE : allowedSize(policy);
  const limits = { min: range.min, max: Math.min(range.max, UPLOAD_BYTES_MAX) };
  return putBody(deps, call, {
    bucket: bucketNamed(deps, bucketName),
    key,
    head: headOfFields(settings),
    conditions: {},
    stream: {
      chunks: bounded(file.chunks, limits),
      trailers: () => NO_TRAILERS,
      sha256: undefined,
      length: undefined,
    },
    checkSize: size => meetSize(limits, size),
  });
}

/** Stops at the first byte too many. */
async function* bounded(chunks: AsyncIterable<Buffer>, limits: SizeRange): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limits.max) meetSize(limits, size);
    yield chunk;
  }
}

interface Answered {
  readonly bucketName: string;
  readonly key: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly done: PutDone;
}

function answer(head: RequestHead, call: OpenCall, { bucketName, key, fields, done }: Answered): WireResponse {
  const { etag, written, encryption } = done;
  const location = locationOf(head, bucketName, key);
  const headers: Record<string, string> = {
    'x-amz-request-id': call.requestId,
    etag: `"${etag}"`,
    location,
    ...(encryption.kind === 'AES256' ? { 'x-amz-server-side-encryption': 'AES256' } : {}),
    ...(written.versioning === '' ? {} : { 'x-amz-version-id': written.versionId }),
  };
  const redirect = redirectTo(fields.get('success_action_redirect') ?? fields.get('redirect'));
  if (redirect !== undefined) {
    for (const [name, value] of Object.entries({ bucket: bucketName, key, etag: `"${etag}"` }))
      redirect.searchParams.append(name, value);
    return { status: 303, headers: { ...headers, location: redirect.href }, body: undefined };
  }
  const status = fields.get('success_action_status');
  if (status === '200') return { status: 200, headers, body: undefined };
  if (status !== '201') return { status: 204, headers, body: undefined };
  const members = { Location: location, Bucket: bucketName, Key: key, ETag: `"${etag}"` };
  const inner = Object.entries(members).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${inner.join('')}</PostResponse>`;
  return { status: 201, headers: { ...headers, 'content-type': 'application/xml' }, body };
}

/** Where the browser is sent; what is no address of a page is ignored. */
function redirectTo(given: string | undefined): URL | undefined {
  const url = given === undefined ? null : URL.parse(given);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

/** Members of PutObject's input that need more than its permission, or that conditions ask about. */
const MEMBERS = {
  ACL: 'x-amz-acl',
  GrantFullControl: 'x-amz-grant-full-control',
  GrantRead: 'x-amz-grant-read',
  GrantReadACP: 'x-amz-grant-read-acp',
  GrantWriteACP: 'x-amz-grant-write-acp',
  ObjectLockLegalHoldStatus: 'x-amz-object-lock-legal-hold',
  ObjectLockMode: 'x-amz-object-lock-mode',
  ObjectLockRetainUntilDate: 'x-amz-object-lock-retain-until-date',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSECustomerAlgorithm: 'x-amz-server-side-encryption-customer-algorithm',
  StorageClass: 'x-amz-storage-class',
  Tagging: 'x-amz-tagging',
  WebsiteRedirectLocation: 'x-amz-website-redirect-location',
} as const;
/** What stands in a key for the name that the file has on the user's side: `${filename}`. */
const FILENAME = `$\{filename}`;
const ANY_SIZE: SizeRange = { min: 0, max: Number.MAX_SAFE_INTEGER };
const NO_TRAILERS: ReadonlyMap<string, string> = new Map();
