import { hash } from 'node:crypto';
import { randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { testSeed } from '../testing/sdk-services.ts';
import type { WireRequest } from '../wire-message.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { AwsChunkedDecoder, decodeChunkedBody } from './aws-chunked.ts';
import { EMPTY_SHA256 } from './canonical-request.ts';
import { hmacHex, signingKey } from './signing-key.ts';
import { type Verified, verifySignature } from './verify.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

// AWS documentation, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".
const EXAMPLE_SIGNATURES = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
];

const example = (): WireRequest => {
  const chunk = (data: string, signature: string) =>
    `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}\r\n`;
  const [first = '', second = '', last = ''] = EXAMPLE_SIGNATURES;
  return {
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    query: '',
    headers: {
      host: 's3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=' +
        'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,' +
        'Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '66560',
      'content-length': '66824',
    },
    body: Buffer.from(chunk('a'.repeat(65536), first) + chunk('a'.repeat(1024), second) + chunk('', last)),
  };
};

function verifiedExample(request: WireRequest): Verified {
  const authorization = parseAuthorization(request) as Authorization;
  return verifySignature(request, authorization, SECRET, Date.UTC(2013, 4, 24), {
    regions: ['us-east-1'],
    services: ['s3'],
  });
}

describe('signed chunks', () => {
  it('verifies the published example', () => {
    const request = example();
    const { body } = decodeChunkedBody(request, verifiedExample(request));
    expect(body.toString()).toBe('a'.repeat(66560));
  });

  it('does not mind how the body was split on the way', () => {
    const request = example();
    const random = seededRandom(testSeed());
    for (let i = 0; i < 20; i++) {
      const decoder = new AwsChunkedDecoder(request, verifiedExample(request));
      let length = 0;
      for (let at = 0; at < request.body.length; ) {
        const next = at + 1 + randomInt(random, i < 2 ? 100 : 40_000);
        decoder.push(request.body.subarray(at, next), data => (length += data.length));
        at = next;
      }
      expect(decoder.end().size).toBe(0);
      expect(length).toBe(66560);
    }
  });

  it('notices a changed byte, a lost chunk and a missing end', () => {
    const request = example();
    const decode = (body: Buffer) => decodeChunkedBody({ ...request, body }, verifiedExample(request));
    const changed = Buffer.from(request.body);
    changed[5000]! ^= 1;
    expect(() => decode(changed)).toThrow(/signature/);
    const text = request.body.toString();
    const secondChunk = text.slice(text.indexOf('400;'), text.lastIndexOf('0;chunk'));
    expect(() => decode(Buffer.from(text.replace(secondChunk, '')))).toThrow(/signature/);
    expect(() => decode(request.body.subarray(0, 66_000))).toThrow(/terminated/);
    expect(() => decode(Buffer.from(text.replace(/;chunk-signature=[0-9a-f]+/, '')))).toThrow(/signature/);
  });

  it('refuses another length than announced', () => {
    const request = example();
    const verified = verifiedExample(request);
    const headers = { ...request.headers, 'x-amz-decoded-content-length': '66559' };
    expect(() => decodeChunkedBody({ ...request, headers }, verified)).toThrow(/number of bytes/);
  });
});

describe('trailers', () => {
  const verified = (payloadHash: string): Verified => ({
    accessKeyId: 'AKIDEXAMPLE',
    region: 'us-east-1',
    service: 's3',
    isPresigned: false,
    payloadHash,
    chunks: {
      key: signingKey(SECRET, '20260101', 'us-east-1', 's3'),
      signature: 'f'.repeat(64),
      timestamp: '20260101T000000Z',
      scope: '20260101/us-east-1/s3/aws4_request',
    },
  });

  const unsigned = (text: string, headers = {}) =>
    decodeChunkedBody({ headers, body: Buffer.from(text) }, verified('STREAMING-UNSIGNED-PAYLOAD-TRAILER'));

  it('come after unsigned chunks', () => {
    const { body, trailers } = unsigned('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n');
    expect(body.toString()).toBe('hello');
    expect(Object.fromEntries(trailers)).toEqual({ 'x-amz-checksum-crc32': 'NhCmhg==' });
  });

  it('refuses a body without the trailer that its head promised, and one of another length', () => {
    const text = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';
    expect(() => unsigned(text, { 'x-amz-trailer': 'x-amz-checksum-sha1' })).toThrow(/trailing data/);
    for (const length of ['4', '6']) {
      expect(() => unsigned(text, { 'x-amz-decoded-content-length': length })).toThrow(/number of bytes/);
    }
    const headers = { 'x-amz-trailer': 'X-Amz-Checksum-Crc32', 'x-amz-decoded-content-length': '5' };
    expect(unsigned(text, headers).body.toString()).toBe('hello');
  });

  it('refuses what is not aws-chunked', () => {
    for (const text of [
      '',
      'x',
      '5\r\nhell',
      '5\r\nhello!\r\n0\r\n\r\n',
      '-1\r\n',
      '0\r\n\r\nmore',
      'fffffffff\r\n',
      '0\r\nnocolon\r\n\r\n',
    ]) {
      expect(() => unsigned(text), JSON.stringify(text)).toThrow();
    }
  });

  it('are signed when the request says so', () => {
    const mode = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
    const { chunks } = verified(mode);
    const start = (algorithm: string, previous: string) =>
      `${algorithm}\n${chunks!.timestamp}\n${chunks!.scope}\n${previous}\n`;
    const last = hmacHex(
      chunks!.key,
      `${start('AWS4-HMAC-SHA256-PAYLOAD', chunks!.signature)}${EMPTY_SHA256}\n${EMPTY_SHA256}`,
    );
    const trailer = 'x-amz-checksum-crc32:AAAAAA==\n';
    const signature = hmacHex(chunks!.key, start('AWS4-HMAC-SHA256-TRAILER', last) + hash('sha256', trailer, 'hex'));
    const decode = (body: string) => decodeChunkedBody({ headers: {}, body: Buffer.from(body) }, verified(mode));
    const head = `0;chunk-signature=${last}\r\nx-amz-checksum-crc32:AAAAAA==\r\n`;
    expect(decode(`${head}x-amz-trailer-signature:${signature}\r\n\r\n`).trailers.size).toBe(1);
    expect(() => decode(`${head}x-amz-trailer-signature:${'0'.repeat(64)}\r\n\r\n`)).toThrow(/signature/);
    expect(() => decode(`${head}\r\n`)).toThrow(/signature/);
  });
});
