/** Uploads in parts as the official client makes them. */
import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket();
});
afterAll(() => host.close());

const MIN = 5 * 1024 * 1024;
const FIRST = randomBytes(MIN);
const SECOND = randomBytes(MIN + 7);
const LAST = randomBytes(1000);
const WHOLE = Buffer.concat([FIRST, SECOND, LAST]);
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

async function begin(Key: string, more: object = {}) {
  const { UploadId } = await host.root.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId };
}
type Upload = Awaited<ReturnType<typeof begin>>;

async function part(upload: Upload, PartNumber: number, Body: Uint8Array, more: object = {}): Promise<CompletedPart> {
  const { ETag, ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA256 } = await host.root.send(
    new UploadPartCommand({ ...upload, PartNumber, Body, ...more }),
  );
  return { PartNumber, ETag, ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA256 };
}

const complete = (upload: Upload, Parts: readonly CompletedPart[], more: object = {}) =>
  host.root.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [...Parts] }, ...more }));

async function get(Key: string, more: object = {}) {
  const answer = await host.root.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
}

describe('an upload', () => {
  let parts: CompletedPart[];
  let upload: Upload;
  beforeAll(async () => {
    upload = await begin('whole', { ContentType: 'text/plain', Metadata: { a: 'b' }, Tagging: 'c=d' });
    parts = [await part(upload, 1, FIRST), await part(upload, 2, SECOND), await part(upload, 3, LAST)];
  });

  it('becomes an object of all its parts, and can be completed again', async () => {
    const answer = await complete(upload, parts, { MpuObjectSize: WHOLE.length });
    const together = md5(Buffer.concat([FIRST, SECOND, LAST].map(md5))).toString('hex');
    expect(answer.ETag).toBe(`"${together}-3"`);
    expect(answer.Location).toBe(`${host.endpoint}/${Bucket}/whole`);
    const { bytes, ...head } = await get('whole');
    expect(bytes.equals(WHOLE)).toBe(true);
    expect(head).toMatchObject({ ContentType: 'text/plain', Metadata: { a: 'b' }, TagCount: 1, ETag: answer.ETag });
    expect((await complete(upload, parts)).ETag).toBe(answer.ETag);
  });

  it('is read across its parts', async () => {
    const [from, to] = [MIN - 10, 2 * MIN + 20];
    const { bytes } = await get('whole', { Range: `bytes=${from}-${to - 1}` });
    expect(bytes.equals(WHOLE.subarray(from, to))).toBe(true);
  });

  it('is read by part', async () => {
    const answer = await get('whole', { PartNumber: 2 });
    expect(answer.bytes.equals(SECOND)).toBe(true);
    expect(answer).toMatchObject({ PartsCount: 3, ContentRange: `bytes ${MIN}-${2 * MIN + 6}/${WHOLE.length}` });
    expect(answer.$metadata.httpStatusCode).toBe(206);
    await expect(get('whole', { PartNumber: 4 })).rejects.toMatchObject(refusal('InvalidPartNumber', 416));
    const head = new HeadObjectCommand({ Bucket, Key: 'whole', PartNumber: 3 });
    expect(await host.root.send(head)).toMatchObject({ PartsCount: 3, ContentLength: LAST.length });
  });

  it('tells how many parts it had', async () => {
    const asked = { Bucket, Key: 'whole', ObjectAttributes: ['ETag', 'ObjectParts', 'ObjectSize', 'StorageClass'] };
    const answer = await host.root.send(new GetObjectAttributesCommand(asked as never));
    expect(answer).toMatchObject({
      ObjectSize: WHOLE.length,
      ObjectParts: { TotalPartsCount: 3 },
      StorageClass: 'STANDARD',
    });
  });
});

describe('checksums of parts', () => {
  it.each<[ChecksumAlgorithm, object, RegExp]>([
    ['SHA256', {}, /^[A-Za-z0-9+/]{43}=-2$/],
    ['CRC32', {}, /^[A-Za-z0-9+/]{6}==-2$/],
    ['CRC32', { ChecksumType: 'FULL_OBJECT' }, /^[A-Za-z0-9+/]{6}==$/],
    ['CRC64NVME', {}, /^[A-Za-z0-9+/]{11}=$/],
  ])('%s %j make one of the whole', async (ChecksumAlgorithm, more, form) => {
    const upload = await begin(`sum-${ChecksumAlgorithm}`, { ChecksumAlgorithm, ...more });
    const given = { ChecksumAlgorithm };
    const parts = [await part(upload, 1, FIRST, given), await part(upload, 2, LAST, given)];
    const answer = await complete(upload, parts);
    const member = `Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32';
    expect(answer[member]).toMatch(form);
    const read = await get(`sum-${ChecksumAlgorithm}`, { ChecksumMode: 'ENABLED' });
    expect(read[member]).toBe(answer[member]);
    if (read.ChecksumType === 'FULL_OBJECT') {
      const put = { Bucket, Key: 'same', Body: Buffer.concat([FIRST, LAST]), ChecksumAlgorithm };
      expect((await host.root.send(new PutObjectCommand(put)))[member]).toBe(answer[member]);
    }
  });

  it('are told with the parts', async () => {
    const upload = await begin('told', { ChecksumAlgorithm: 'SHA256' });
    const given = { ChecksumAlgorithm: 'SHA256' };
    const parts = [await part(upload, 1, FIRST, given), await part(upload, 5, LAST, given)];
    const { ChecksumSHA256 } = await complete(upload, parts);
    const ask = (more: object) => {
      const asked = { Bucket, Key: 'told', ObjectAttributes: ['Checksum', 'ObjectParts'] as const, ...more };
      return host.root.send(
        new GetObjectAttributesCommand({ ...asked, ObjectAttributes: [...asked.ObjectAttributes] }),
      );
    };
    const first = await ask({ MaxParts: 1 });
    expect(first.Checksum).toMatchObject({ ChecksumSHA256, ChecksumType: 'COMPOSITE' });
    expect(first.ObjectParts).toMatchObject({ TotalPartsCount: 2, IsTruncated: true, NextPartNumberMarker: '1' });
    expect(first.ObjectParts!.Parts).toMatchObject([{ PartNumber: 1, Size: FIRST.length }]);
    const rest = await ask({ PartNumberMarker: '1' });
    expect(rest.ObjectParts!.Parts).toMatchObject([{ Size: LAST.length, ChecksumSHA256: parts[1]!.ChecksumSHA256 }]);
    expect(rest.ObjectParts!.IsTruncated).toBe(false);
    await expect(ask({ ObjectAttributes: ['Color'] })).rejects.toMatchObject(refusal('InvalidArgument', 400));
  });

  it('must come, and be of the kind of the upload', async () => {
    const upload = await begin('sums', { ChecksumAlgorithm: 'SHA256' });
    await expect(part(upload, 1, LAST, { ChecksumAlgorithm: 'CRC32' })).rejects.toMatchObject(
      refusal(
        'InvalidRequest',
        400,
        'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
      ),
    );
    const stored = await part(upload, 1, LAST, { ChecksumAlgorithm: 'SHA256' });
    await expect(complete(upload, [{ ...stored, ChecksumSHA256: undefined }])).rejects.toMatchObject(
      refusal('InvalidRequest', 400, expect.stringContaining('It was missing for part 1 in the request.')),
    );
    await expect(
      complete(upload, [stored], { ChecksumSHA256: Buffer.alloc(32).toString('base64') }),
    ).rejects.toMatchObject(
      refusal('BadDigest', 400, 'The sha256 you specified did not match the calculated checksum.'),
    );
    await complete(upload, [stored]);
  });

  it.each([
    [
      { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' },
      /FULL_OBJECT checksum type cannot be used with the sha/,
    ],
    [
      { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
      /COMPOSITE checksum type cannot be used with the crc/,
    ],
  ])('%j is no kind', (more, message) =>
    expect(begin('no', more)).rejects.toMatchObject(refusal('InvalidRequest', 400, expect.stringMatching(message))),
  );
});

describe('an upload that is not as it should be', () => {
  let upload: Upload;
  let parts: CompletedPart[];
  beforeAll(async () => {
    upload = await begin('wrong');
    parts = [await part(upload, 1, LAST), await part(upload, 2, LAST)];
  });

  it.each<[string, () => readonly CompletedPart[], string]>([
    ['parts too small', () => parts, 'EntityTooSmall'],
    ['parts in the wrong order', () => parts.toReversed(), 'InvalidPartOrder'],
    ['the same part twice', () => [parts[0]!, parts[0]!], 'InvalidPartOrder'],
    ['a part that was not sent', () => [{ ...parts[0], PartNumber: 7 }], 'InvalidPart'],
    ['another ETag', () => [{ ...parts[0], ETag: '"x"' }], 'InvalidPart'],
    ['no parts', () => [], 'MalformedXML'],
    ['part 0', () => [{ ...parts[0], PartNumber: 0 }], 'InvalidArgument'],
  ])('%s', async (_, given, name) => {
    await expect(complete(upload, given())).rejects.toMatchObject(refusal(name, 400));
  });

  it('is there until it is given up', async () => {
    await host.root.send(new AbortMultipartUploadCommand(upload));
    await expect(part(upload, 1, LAST)).rejects.toMatchObject(refusal('NoSuchUpload', 404));
    await expect(complete(upload, parts)).rejects.toMatchObject(refusal('NoSuchUpload', 404));
    const never = { ...upload, UploadId: 'never' };
    await expect(host.root.send(new AbortMultipartUploadCommand(never))).rejects.toMatchObject(
      refusal('NoSuchUpload', 404),
    );
  });

  it('has part numbers up to 10,000', () =>
    expect(part(upload, 10_001, LAST)).rejects.toMatchObject(
      refusal('InvalidArgument', 400, 'Part number must be an integer between 1 and 10000, inclusive'),
    ));
});

it('keeps the conditions of its completion', async () => {
  const upload = await begin('whole');
  const parts = [await part(upload, 1, LAST)];
  await expect(complete(upload, parts, { IfNoneMatch: '*' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
  await complete(upload, parts);
});

it('takes parts from other objects', async () => {
  await host.root.send(new PutObjectCommand({ Bucket, Key: 'source', Body: WHOLE }));
  const upload = await begin('copied');
  const copy = { ...upload, PartNumber: 1, CopySource: `${Bucket}/source` };
  const { CopyPartResult } = await host.root.send(
    new UploadPartCopyCommand({ ...copy, CopySourceRange: `bytes=10-${MIN + 9}` }),
  );
  const second = await host.root.send(new UploadPartCopyCommand({ ...copy, PartNumber: 2 }));
  await complete(upload, [
    { PartNumber: 1, ETag: CopyPartResult!.ETag },
    { PartNumber: 2, ETag: second.CopyPartResult!.ETag },
  ]);
  const { bytes } = await get('copied');
  expect(bytes.equals(Buffer.concat([WHOLE.subarray(10, MIN + 10), WHOLE]))).toBe(true);
  await expect(
    host.root.send(new UploadPartCopyCommand({ ...copy, CopySourceRange: `bytes=0-${WHOLE.length}` })),
  ).rejects.toMatchObject(refusal('NoSuchUpload', 404));
});

it('is encrypted with the key of its customer', async () => {
  const key = randomBytes(32);
  const customer = {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: md5(key).toString('base64'),
  };
  const upload = await begin('secret', customer);
  await expect(part(upload, 1, LAST)).rejects.toMatchObject(refusal('InvalidRequest', 400));
  const parts = [await part(upload, 1, FIRST, customer), await part(upload, 2, LAST, customer)];
  await complete(upload, parts, customer);
  expect((await get('secret', customer)).bytes.equals(Buffer.concat([FIRST, LAST]))).toBe(true);
});
