/** Makes an object of the parts of an upload. No bytes are moved: the object's body is the list of its parts. */
import type { CompletedPart } from '@aws-sdk/client-s3';
import { type NamedPart, PARTS_MAX, type Part, type Upload } from '@stormglass/object-index';
import { ALGORITHMS, headerOf, memberOf } from '../../checksums/algorithms.ts';
import { wholeChecksum, wholeEtag } from '../../checksums/composite.ts';
import { shownChecksum } from '../../checksums/shown.ts';
import { unquoted } from '../../conditions.ts';
import { execute, type S3Deps } from '../../deps.ts';
import { customerKey, shownEncryption } from '../../encryption.ts';
import { invalidArgument, malformedXml, s3Problem } from '../../errors.ts';
import { type HeaderValue, headOfRequest } from '../../headers/header-value.ts';
import { freshUpload } from '../../object-data/fresh.ts';
import { newVersionId } from '../../object-data/ids.ts';
import { locationOf } from '../../object-data/location.ts';
import { meetUploadKey } from '../../object-data/parts.ts';
import { shownVersionId } from '../../object-data/shown-object.ts';
import { writeConditions } from '../../object-data/write-conditions.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const completeMultipartUpload = s3Operation({
  name: 'CompleteMultipartUpload',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.CompleteMultipartUpload,
  async handle(input, call, deps) {
    const { Bucket, Key, UploadId, MultipartUpload, MpuObjectSize } = input;
    const conditions = writeConditions(input);
    const parts = namedParts(MultipartUpload?.Parts);
    const { header } = headOfRequest(call.request);
    // One that is not there may have been completed by an earlier attempt of this call, which the state remembers.
    const upload = await freshUpload(deps, call, { Bucket, Key, UploadId });
    if (upload !== undefined) await deps.index.upToDate(call.deadline);
    if (upload?.encryption.kind === 'C') {
      const customer = customerKey(header);
      if (customer !== undefined) meetUploadKey(upload, customer);
    }
    const checksum = upload && checksumOf(upload, parts, MultipartUpload!.Parts!, header, deps);
    const completed = await execute(deps, call, {
      type: 'CompleteUpload',
      bucket: Bucket,
      key: Key,
      uploadId: UploadId,
      versionId: newVersionId(deps.random),
      parts,
      etag: wholeEtag(parts.map(({ etag }) => etag)),
      ...(checksum && { checksum }),
      ...(MpuObjectSize === undefined ? {} : { size: MpuObjectSize }),
      ...conditions,
    });
    return {
      Bucket,
      Key,
      Location: locationOf(call.request, Bucket, Key),
      ETag: `"${completed.etag}"`,
      ...shownChecksum(checksum),
      ...(upload && shownEncryption(upload.encryption)),
      ...shownVersionId(completed),
    };
  },
});

/** @throws AwsError MalformedXML, InvalidArgument */
function namedParts(given: readonly CompletedPart[] | undefined): readonly NamedPart[] {
  if (given === undefined || given.length === 0 || given.length > PARTS_MAX) throw malformedXml();
  return given.map(each => {
    const { PartNumber, ETag } = each;
    if (PartNumber === undefined || ETag === undefined) throw malformedXml();
    if (PartNumber < 1) throw invalidArgument('PartNumber must be >= 1', 'PartNumber', String(PartNumber));
    const checksum = ALGORITHMS.map(algorithm => each[memberOf(algorithm)]).find(value => value !== undefined);
    return { part: PartNumber, etag: unquoted(ETag), ...(checksum === undefined ? {} : { checksum }) };
  });
}

/**
 * The checksum of the whole; undefined where none is kept, and where the state will refuse the parts anyway.
 * @throws AwsError InvalidRequest, BadDigest
 */
function checksumOf(
  upload: Upload,
  parts: readonly NamedPart[],
  given: readonly CompletedPart[],
  header: HeaderValue,
  { index }: S3Deps,
) {
  const { checksum } = upload;
  if (checksum === undefined) return undefined;
  const { algorithm, type } = checksum;
  const mode = header('x-amz-checksum-type');
  if (mode !== undefined && mode.toUpperCase() !== type)
    throw s3Problem(
      'InvalidRequest',
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  const name = algorithm.toLowerCase();
  const silent = type === 'COMPOSITE' ? given.find(each => each[memberOf(algorithm)] === undefined) : undefined;
  if (silent !== undefined)
    throw s3Problem(
      'InvalidRequest',
      `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${silent.PartNumber} in the request.`,
    );
  const found = new Map<number, Part>(index.view.parts(upload, 0, PARTS_MAX).map(each => [each.part, each]));
  const stored = parts.flatMap(({ part }) => found.get(part) ?? []);
  if (stored.length < parts.length || stored.some(each => each.checksum === undefined)) return undefined;
  const value = wholeChecksum(
    checksum,
    stored.map(({ size, checksum: ofPart }) => ({ size, value: ofPart!.value })),
  );
  const expected = header(headerOf(algorithm));
  // Of a composite checksum, the number of parts may be left out.
  if (expected !== undefined && expected !== value && !value.startsWith(`${expected}-`))
    throw s3Problem('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
  return { algorithm, value, type };
}
