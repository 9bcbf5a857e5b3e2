/** What uploads may say about their bytes, and what happens when it is not so. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { requestedChecksums } from './requested.ts';
import { verifyBody, wantedDigests } from './verify.ts';

const BODY = Buffer.from('hello');
const digest = (name: string) => createHash(name).update(BODY).digest();
const CRC = Buffer.alloc(4);
CRC.writeUInt32BE(crc32(BODY));
const DIGESTS = { md5: digest('md5'), sha256: digest('sha256'), crc32: CRC };
const WRONG = Buffer.alloc(4).toString('base64');

const read = (headers: Record<string, string>) => requestedChecksums(name => headers[name]);
const verify = (headers: Record<string, string>, trailers: Record<string, string> = {}, signedHash?: string) =>
  verifyBody(read(headers), DIGESTS, { trailers: new Map(Object.entries(trailers)), signedHash });
const NOTHING = { algorithm: undefined, value: undefined, inTrailer: false, md5: undefined };

describe('requestedChecksums', () => {
  it.each<[Record<string, string>, object]>([
    [{}, {}],
    [{ 'x-amz-checksum-crc32': WRONG }, { algorithm: 'CRC32', value: WRONG }],
    [
      { 'x-amz-checksum-crc32': WRONG, 'x-amz-sdk-checksum-algorithm': 'CRC32' },
      { algorithm: 'CRC32', value: WRONG },
    ],
    [{ 'x-amz-sdk-checksum-algorithm': 'SHA256' }, { algorithm: 'SHA256' }],
    [{ 'x-amz-trailer': 'x-amz-checksum-crc64nvme' }, { algorithm: 'CRC64NVME', inTrailer: true }],
    [{ 'content-md5': DIGESTS.md5.toString('base64') }, { md5: DIGESTS.md5.toString('base64') }],
  ])('reads %j', (headers, expected) => expect(read(headers)).toEqual({ ...NOTHING, ...expected }));

  it.each<[Record<string, string>, string]>([
    [{ 'x-amz-checksum-crc32': 'AAAA' }, 'Value for x-amz-checksum-crc32 header is invalid.'],
    [{ 'x-amz-checksum-sha1': 'not base64!' }, 'Value for x-amz-checksum-sha1 header is invalid.'],
    [
      { 'x-amz-checksum-crc32': WRONG, 'x-amz-sdk-checksum-algorithm': 'SHA1' },
      'Value for x-amz-checksum-crc32 header is invalid.',
    ],
    [{ 'x-amz-checksum-crc32': WRONG, 'x-amz-checksum-crc32c': WRONG }, 'Expecting a single x-amz-checksum- header.'],
    [{ 'x-amz-checksum-crc32': WRONG, 'x-amz-trailer': 'x-amz-checksum-sha1' }, 'Expecting a single'],
    [{ 'x-amz-sdk-checksum-algorithm': 'MD5' }, 'Checksum algorithm provided is unsupported.'],
    [{ 'x-amz-trailer': 'x-amz-meta-a' }, 'The value specified in the x-amz-trailer header is not supported'],
    [{ 'content-md5': 'YQ==' }, 'The Content-MD5 you specified was invalid.'],
  ])('refuses %j', (headers, message) => expect(() => read(headers)).toThrow(message));
});

it('makes every digest once', () => {
  expect(wantedDigests(read({}), undefined)).toEqual(['md5']);
  expect(wantedDigests(read({ 'x-amz-sdk-checksum-algorithm': 'SHA256' }), 'ab')).toEqual(['md5', 'sha256']);
});

describe('verifyBody', () => {
  const good = CRC.toString('base64');
  it('takes what is so', () => {
    verify({}, {});
    verify({ 'x-amz-checksum-crc32': good, 'content-md5': DIGESTS.md5.toString('base64') });
    verify({ 'x-amz-trailer': 'x-amz-checksum-crc32' }, { 'x-amz-checksum-crc32': good });
    verify({}, {}, DIGESTS.sha256.toString('hex'));
  });

  it.each<[Record<string, string>, Record<string, string>, string | undefined, string, string]>([
    [{ 'x-amz-checksum-crc32': WRONG }, {}, undefined, 'BadDigest', 'The CRC32 you specified did not match'],
    [
      { 'x-amz-trailer': 'x-amz-checksum-crc32' },
      { 'x-amz-checksum-crc32': WRONG },
      undefined,
      'BadDigest',
      'The CRC32 you specified did not match the calculated checksum.',
    ],
    [{ 'x-amz-trailer': 'x-amz-checksum-crc32' }, {}, undefined, 'InvalidRequest', 'Value for x-amz-checksum-crc32'],
    [
      { 'content-md5': Buffer.alloc(16).toString('base64') },
      {},
      undefined,
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
    ],
    [{}, {}, 'f'.repeat(64), 'XAmzContentSHA256Mismatch', 'does not match what was computed'],
  ])('refuses %j with trailers %j', (headers, trailers, signedHash, code, message) =>
    expect(() => verify(headers, trailers, signedHash)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    ),
  );
});
