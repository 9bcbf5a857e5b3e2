/** Seeded damage to valid signed requests: each mutation is one way in which a client, a proxy or an attacker spoils one. */
import { pick, type Random, randomInt } from '@stormglass/base';
import type { SignedRequest } from '@stormglass/testing';

/** `request` as it goes over the wire. */
export function bytesOf({ method, path, query, headers, body }: SignedRequest): Buffer {
  const target = query === '' ? path : `${path}?${query}`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}

type Mutation = (request: SignedRequest, others: readonly SignedRequest[], random: Random) => Buffer;

const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'BREW', 'post', ''];
const LENGTHS = ['0', '1', '-1', '+5', '007', '99', '1e3', '0x10', '1048577', '18446744073709551616', 'x', ''];
const PATHS = ['//', '/%', '/%00', '/%zz', '*', '/a/../b', 'http://elsewhere/', '/?Action', '/\u00e9', '/;', 'x'];
const EXTRA: readonly [string, string][] = [
  ['transfer-encoding', 'chunked'],
  ['transfer-encoding', 'gzip, chunked'],
  ['content-encoding', 'gzip'],
  ['expect', '100-continue'],
  ['expect', 'miracles'],
  ['upgrade', 'h2c'],
  ['connection', 'close'],
  ['connection', 'keep-alive, upgrade'],
  ['x-amz-target', 'DynamoDB_20120810.ListTables'],
  ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
  ['x-amz-security-token', 'forged'],
  ['x-amz-date', '20200101T000000Z'],
  ['amz-sdk-invocation-id', 'x'.repeat(300)],
  ['traceparent', '00-zz-zz-01'],
  ['content-type', 'application/json'],
  ['host', 'dynamodb'],
];

const withHeaders = (request: SignedRequest, headers: Record<string, string>) => bytesOf({ ...request, headers });

/** Changes to the bytes themselves. */
const ON_BYTES: Record<string, (bytes: Buffer, random: Random) => Buffer> = {
  'byte flips': (bytes, random) => {
    for (let n = 1 + randomInt(random, 8); n > 0; n--)
      bytes[randomInt(random, bytes.length)]! ^= 1 << randomInt(random, 8);
    return bytes;
  },
  'bytes replaced': (bytes, random) => {
    for (let n = 1 + randomInt(random, 4); n > 0; n--) bytes[randomInt(random, bytes.length)] = randomInt(random, 256);
    return bytes;
  },
  'null bytes': (bytes, random) => {
    bytes[randomInt(random, bytes.length)] = 0;
    return bytes;
  },
  truncation: (bytes, random) => bytes.subarray(0, randomInt(random, bytes.length)),
  'a piece cut out': (bytes, random) => {
    const [from, to] = twoPlaces(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  'a piece doubled': (bytes, random) => {
    const [from, to] = twoPlaces(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  'a piece inserted': (bytes, random) => {
    const at = randomInt(random, bytes.length);
    const piece = Buffer.from(random.bytes(1 + randomInt(random, 64)));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  'the whole doubled': bytes => Buffer.concat([bytes, bytes]),
  'line ends': (bytes, random) =>
    Buffer.from(bytes.toString('latin1').replaceAll('\r\n', pick(random, ['\n', '\r', '\r\n\r\n', ' \r\n'])), 'latin1'),
};

function twoPlaces(bytes: Buffer, random: Random): [number, number] {
  const [a, b] = [randomInt(random, bytes.length), randomInt(random, bytes.length)];
  return [Math.min(a, b), Math.max(a, b)];
}

/** Changes to what the request says. */
const ON_MEANING: Record<string, Mutation> = {
  'headers shuffled': (request, _, random) => {
    const entries = Object.entries(request.headers);
    for (let i = entries.length - 1; i > 0; i--) {
      const j = randomInt(random, i + 1);
      [entries[i], entries[j]] = [entries[j]!, entries[i]!];
    }
    return withHeaders(request, Object.fromEntries(entries));
  },
  'a header dropped': (request, _, random) => {
    const dropped = pick(random, Object.keys(request.headers));
    return withHeaders(
      request,
      Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== dropped)),
    );
  },
  'a header doubled': (request, others, random) => {
    const [name, value] = pick(random, Object.entries(pick(random, [request, pick(random, others)]).headers));
    // Another spelling keeps both in the object.
    return withHeaders(request, { ...request.headers, [name.toUpperCase()]: value });
  },
  'a header from elsewhere': (request, others, random) => {
    const [name, value] = pick(random, Object.entries(pick(random, others).headers));
    return withHeaders(request, { ...request.headers, [name]: value });
  },
  'a header added': (request, _, random) => {
    const [name, value] = pick(random, EXTRA);
    return withHeaders(request, { ...request.headers, [name]: value });
  },
  'a header made long': (request, _, random) => {
    const name = pick(random, Object.keys(request.headers));
    const length = pick(random, [1000, 16_000, 40_000]);
    return withHeaders(request, { ...request.headers, [name]: `${request.headers[name]}${'a'.repeat(length)}` });
  },
  'a lie about the length': (request, _, random) =>
    withHeaders(request, { ...request.headers, 'content-length': pick(random, LENGTHS) }),
  'another body': (request, others, random) => bytesOf({ ...request, body: pick(random, others).body }),
  'another body of its own length': (request, others, random) => {
    const { body } = pick(random, others);
    const headers = { ...request.headers, 'content-length': String(body.length) };
    return bytesOf({ ...request, headers, body });
  },
  'another method': (request, _, random) => bytesOf({ ...request, method: pick(random, METHODS) }),
  'another path': (request, _, random) => bytesOf({ ...request, path: pick(random, PATHS) }),
  'a query': (request, _, random) =>
    bytesOf({
      ...request,
      query: pick(random, ['Action=GetUser', 'X-Amz-Signature=0', 'AWSAccessKeyId=a', '%zz', '&=&']),
    }),
  'broken chunks': (request, _, random) => {
    const { 'content-length': _length, ...headers } = request.headers;
    const body = Buffer.from(
      pick(random, ['zz\r\nabc\r\n', 'fffffffff\r\nabc', '3\r\nabcd\r\n0\r\n\r\n', '0\r\n\r\n']),
    );
    return bytesOf({ ...request, headers: { ...headers, 'transfer-encoding': 'chunked' }, body });
  },
  'two requests in one': (request, others) => Buffer.concat([bytesOf(request), ...others.map(bytesOf)]),
};

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...ON_MEANING,
  ...Object.fromEntries(
    Object.entries(ON_BYTES).map(([name, change]): [string, Mutation] => [
      name,
      (request, _others, random) => change(bytesOf(request), random),
    ]),
  ),
};
