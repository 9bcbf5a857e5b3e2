/**
 * Makes an object from another. The copy shares the bytes of its source where it can; where another key encrypts them, or
 * another zone holds them, they are read and stored anew.
 */
import { AwsError } from '@stormglass/aws-wire';
import type { Bucket, ObjectVersion, Written } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { type ChecksumAlgorithm, isAlgorithm } from '../../checksums/algorithms.ts';
import { unsupportedAlgorithm } from '../../checksums/requested.ts';
import { shownChecksum } from '../../checksums/shown.ts';
import { execute, type S3Deps } from '../../deps.ts';
import { shownEncryption } from '../../encryption.ts';
import { invalidArgument, s3Problem } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { type HeaderValue, headOfRequest, type UploadHead } from '../../headers/header-value.ts';
import { shownExpiration } from '../../lifecycle/shown-expiration.ts';
import { newVersionId } from '../../object-data/ids.ts';
import { checkKey, UPLOAD_BYTES_MAX } from '../../object-data/put-limits.ts';
import { shownVersionId } from '../../object-data/shown-object.ts';
import { type CopiedObject, foundSource, type NamedSource, shownSource, sourceBody } from '../../object-data/source.ts';
import { afterBody, committing, keepBody } from '../../object-data/stored-bytes.ts';
import { type UploadSettings, uploadSettings } from '../../object-data/upload-settings.ts';
import { type NamedConditions, writeConditions } from '../../object-data/write-conditions.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const copyObject = s3Operation({
  name: 'CopyObject',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.CopyObject,
  gaps: [
    'A copy of an object that was uploaded in parts keeps its parts, its ETag and its checksum; AWS makes it one whole.',
    'Tags are copied to whom may read the object.',
  ],
  async handle(input, call, deps) {
    const { Bucket, Key } = input;
    checkKey(Key);
    const head = headOfRequest(call.request);
    const source = await foundSource(input, head.header, call, deps);
    const bucket = bucketNamed(deps, Bucket);
    for (let attempt = 0; ; attempt++) {
      const request = { input, head, bucket, call: attemptOf(call, attempt) };
      const found = attempt === 0 ? source : await foundSource(input, head.header, call, deps);
      try {
        return await copied(deps, found, request);
      } catch (error) {
        // The source was replaced between the look at it and the copy.
        const isOver = !(error instanceof AwsError) || error.code !== 'OperationAborted' || attempt === ATTEMPTS_MAX;
        if (isOver) throw error;
      }
    }
  },
});

interface CopyRequest {
  readonly input: NamedSource & NamedConditions & { readonly Bucket: string; readonly Key: string };
  readonly head: UploadHead;
  readonly bucket: Bucket;
  readonly call: OpenCall;
}

async function copied(deps: S3Deps, source: CopiedObject, request: CopyRequest) {
  const { input, head, bucket, call } = request;
  const { version } = source;
  if (version.size > UPLOAD_BYTES_MAX)
    throw s3Problem(
      'InvalidRequest',
      `The specified copy source is larger than the maximum allowable size for a copy source: ${UPLOAD_BYTES_MAX}`,
    );
  const given = uploadSettings(head, bucket, call);
  const algorithm = wantedAlgorithm(head.header);
  checkChanges(head.header, version, given, input);
  const shares =
    source.bucket.zone === bucket.zone &&
    given.encryption.kind === version.encryption.kind &&
    (given.encryption.kind === 'AES256' || given.encryption.keyMd5 === source.customer?.keyMd5) &&
    (algorithm === undefined || algorithm === version.checksum?.algorithm);
  const copy = { ...request, source, given: { ...given, settings: copiedSettings(head.header, version, given) } };
  const { written, etag, checksum } = await (shares ? shared(deps, copy) : stored(deps, copy, algorithm));
  return {
    ...shownSource(source),
    ...shownVersionId(written),
    ...shownEncryption(given.encryption),
    ...shownExpiration(
      bucket,
      {
        key: input.Key,
        size: version.size,
        tags: copy.given.settings.tags,
        lastModified: written.lastModified,
        isLatest: true,
      },
      deps.lifecycleDayMs,
    ),
    CopyObjectResult: {
      ETag: `"${etag}"`,
      LastModified: new Date(written.lastModified),
      ...shownChecksum(checksum),
    },
  };
}

interface Copy extends CopyRequest {
  readonly source: CopiedObject;
  readonly given: UploadSettings;
}

interface CopyMade extends Pick<ObjectVersion, 'etag'> {
  readonly written: Written;
  readonly checksum: ObjectVersion['checksum'];
}

async function shared(deps: S3Deps, { source, given, input, call }: Copy): Promise<CopyMade> {
  const { bucket, key, versionId, seq, checksum } = source.version;
  const written = await execute(deps, call, {
    type: 'CopyObject',
    ...placed(deps, { input, given }),
    source: { bucket, key, versionId, seq },
  });
  return { written, etag: written.etag, checksum };
}

async function stored(
  deps: S3Deps,
  copy: Copy,
  algorithm = copy.source.version.checksum?.algorithm,
): Promise<CopyMade> {
  const { source, given, bucket, call } = copy;
  const resumed = afterBody(call, deps);
  const stream = await sourceBody(deps, source, { from: 0, to: source.version.size });
  const checksums = { algorithm, value: undefined, inTrailer: false, md5: undefined };
  const body = await keepBody(deps, { stream, checksums, key: given.bodyKey, bucket });
  const checksum = body.checksum && ({ ...body.checksum, type: 'FULL_OBJECT' } as const);
  const written = await committing(deps, body, () =>
    execute(deps, resumed(), {
      type: 'PutObject',
      ...placed(deps, copy),
      body: body.bytes,
      etag: body.etag,
      ...(checksum && { checksum }),
    }),
  );
  return { written, etag: body.etag, checksum };
}

const placed = ({ random }: S3Deps, { input, given }: Pick<Copy, 'input' | 'given'>) => ({
  bucket: input.Bucket,
  key: input.Key,
  versionId: newVersionId(random),
  owner: given.owner,
  ...given.settings,
  encryption: given.encryption,
  ...writeConditions(input),
});

/** What the copy is given: its own, or what the source has. */
function copiedSettings(header: HeaderValue, version: ObjectVersion, { settings }: UploadSettings) {
  const { metadata, headers, tags } = version;
  return {
    ...settings,
    ...(replaces(header, 'x-amz-metadata-directive', 'metadata') ? {} : { metadata, headers }),
    ...(replaces(header, 'x-amz-tagging-directive', 'tagging') ? { tags: settings.tags ?? [] } : { tags }),
  };
}

function replaces(header: HeaderValue, name: string, what: string): boolean {
  const directive = header(name) ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw invalidArgument(`Unknown ${what} directive.`, name, directive);
  return directive === 'REPLACE';
}

function wantedAlgorithm(header: HeaderValue): ChecksumAlgorithm | undefined {
  const name = header('x-amz-checksum-algorithm')?.toUpperCase();
  if (name !== undefined && !isAlgorithm(name)) throw unsupportedAlgorithm();
  return name;
}

/** An object can be copied to itself only to change it. */
function checkChanges(
  header: HeaderValue,
  version: ObjectVersion,
  { settings }: UploadSettings,
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
): void {
  if (version.bucket !== Bucket || version.key !== Key || !version.isLatest) return;
  const changes =
    replaces(header, 'x-amz-metadata-directive', 'metadata') ||
    replaces(header, 'x-amz-tagging-directive', 'tagging') ||
    settings.storageClass !== version.storageClass ||
    CHANGING.some(name => header(name) !== undefined);
  if (!changes) throw s3Problem('InvalidRequest', NO_CHANGE);
}

/** Each attempt has an id of its own, as a refusal would be remembered otherwise. */
const attemptOf = (call: OpenCall, attempt: number): OpenCall =>
  attempt === 0 || call.commandId === undefined ? call : { ...call, commandId: `${call.commandId}/${attempt}` };

const ATTEMPTS_MAX = 3;
const CHANGING = [
  'x-amz-checksum-algorithm',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-copy-source-server-side-encryption-customer-algorithm',
  'x-amz-website-redirect-location',
];
const NO_CHANGE =
  "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
