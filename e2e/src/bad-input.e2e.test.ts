/**
 * A running region under everything that is not a good request: hand-made HTTP first, then thousands of damaged copies
 * of valid signed requests. Each gets an AWS-shaped error or a clean end, and nothing of it leaves a trace in the region:
 * the same processes, no connection, no memory, no line in the log that tells of a surprise.
 */
import { pick, type Random, seededRandom } from '@stormglass/base';
import {
  type ExchangeOptions,
  errorCode,
  exchange,
  type SignedRequest,
  signAction,
  signBody,
  until,
} from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint } from './fuzz/answers.ts';
import { bytesOf, MUTATIONS } from './fuzz/mutations.ts';
import { rssBytes } from './fuzz/process-memory.ts';
import { getCallerIdentity, signedRequests, signer } from './fuzz/signed-requests.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

let region: RegionUnderTest;
let port: number;
let pids: Record<string, number>;

beforeAll(async () => {
  region = await RegionUnderTest.start();
  port = Number(new URL(await region.endpoint()).port);
  pids = await region.pids();
  expect(Object.keys(pids)).toHaveLength(4);
});
afterAll(() => region?.close());

const signed = getCallerIdentity;

/** A valid request with other headers; `undefined` takes one away. */
function withHeaders(headers: Record<string, string | undefined>, request = signed(), body = request.body): Buffer {
  const all = Object.entries({ ...request.headers, ...headers }).filter(([, value]) => value !== undefined);
  return bytesOf({ ...request, body, headers: Object.fromEntries(all) as Record<string, string> });
}

const action = (service: string, parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  signAction(signer(service), parameters, { nowMs: Date.now(), headers });

/** Signs whatever body there is, so that only the body is wrong. */
const signedBody = (service: string, body: string | Buffer, headers: Record<string, string> = {}): Buffer =>
  bytesOf(signBody(signer(service), Buffer.from(body), { nowMs: Date.now(), headers }));

async function answers(bytes: string | Buffer, options: ExchangeOptions = {}): Promise<string[]> {
  const got = await exchange(port, bytes, options);
  expect(complaint(got)).toBeUndefined();
  return got.responses.map(response => (response.status === 200 ? '200' : `${response.status} ${errorCode(response)}`));
}

const OK = '200';
const MALFORMED = '400 MalformedHttpRequest';
const UNSIGNED = '403 MissingAuthenticationToken';
const line = (text: string, more = '') => `${text}\r\nhost: a\r\n${more}\r\n`;

describe('HTTP that is not HTTP', () => {
  const cases: Record<string, [bytes: () => string | Buffer, ...expected: string[]]> = {
    'an unknown method': [() => line('BREW / HTTP/1.1'), MALFORMED],
    'no HTTP at all': [() => 'hello\r\n\r\n', MALFORMED],
    'a TLS greeting that breaks off': [() => Buffer.from('16030100b6010000b20303', 'hex')],
    'HTTP/2 without asking': [() => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', MALFORMED],
    'HTTP/9.9': [() => line('GET / HTTP/9.9'), MALFORMED],
    'a null byte in the path': [() => line('GET /\0 HTTP/1.1'), MALFORMED],
    'a null byte in a header': [() => line('GET / HTTP/1.1', 'x: a\0b\r\n'), MALFORMED],
    'a header without a name': [() => line('GET / HTTP/1.1', ': b\r\n'), MALFORMED],
    'two lengths': [() => withHeaders({ 'Content-Length': '5' }), MALFORMED],
    'a length and chunks': [() => withHeaders({ 'transfer-encoding': 'chunked' }), MALFORMED],
    'a negative length': [() => withHeaders({ 'content-length': '-5' }), MALFORMED],
    'a length beyond numbers': [() => withHeaders({ 'content-length': '9'.repeat(30) }), MALFORMED],
    'an unknown transfer coding': [
      () => withHeaders({ 'content-length': undefined, 'transfer-encoding': 'gzip' }),
      MALFORMED,
    ],
    'a chunk without a size': [() => chunked('zz\r\nabc\r\n0\r\n\r\n'), MALFORMED],
    'a chunk longer than it says': [() => chunked('1\r\nabc\r\n0\r\n\r\n'), MALFORMED],
    'a chunk cut off': [() => chunked('ff\r\nabc'), MALFORMED],
    'a body cut off': [() => withHeaders({ 'content-length': '999' }), MALFORMED],
    'two authorizations': [() => withHeaders({ Authorization: signed().headers.authorization }), '400 InvalidArgument'],
    'headers too large': [() => withHeaders({ x: 'a'.repeat(40_000) }), '431 RequestHeaderSectionTooLarge'],
    'too many headers': [() => line('GET / HTTP/1.1', 'a: b\r\n'.repeat(9000)), '431 RequestHeaderSectionTooLarge'],
    'a path too long': [() => line(`GET /${'a'.repeat(40_000)} HTTP/1.1`), '431 RequestHeaderSectionTooLarge'],
    'a body too large': [
      () => withHeaders({ 'content-length': '3000000' }, signed(), Buffer.alloc(3_000_000)),
      '413 RequestEntityTooLarge',
    ],
    'chunks too large': [() => chunked(`2dc6c0\r\n${'a'.repeat(3_000_000)}\r\n0\r\n\r\n`), '413 RequestEntityTooLarge'],
    'an expectation that cannot be met': [() => withHeaders({ expect: 'miracles' }), '417 ExpectationFailed'],
    'CONNECT, which ends': [() => line('CONNECT a:443 HTTP/1.1')],
    'nothing at all': [() => ''],
  };
  it.each(Object.entries(cases))('%s', async (_, [bytes, ...expected]) => {
    expect(await answers(bytes())).toEqual(expected);
  });
});

const chunked = (body: string): Buffer =>
  withHeaders({ 'content-length': undefined, 'transfer-encoding': 'chunked' }, signed(), Buffer.from(body));

describe('HTTP that is only unusual', () => {
  const whole = signed().body.toString();
  const cases: Record<string, [bytes: () => string | Buffer, ...expected: string[]]> = {
    'a body in chunks': [() => chunked(`${whole.length.toString(16)};x=y\r\n${whole}\r\n0\r\nt: u\r\n\r\n`), OK],
    'HTTP/1.0': [() => withLine('POST / HTTP/1.0'), OK],
    'an absolute URL': [() => withLine('POST http://elsewhere/ HTTP/1.1'), OK],
    'five requests at once': [
      () => Buffer.concat(Array.from({ length: 5 }, () => bytesOf(signed()))),
      ...Array(5).fill(OK),
    ],
    'an upgrade to a web socket': [() => withHeaders({ connection: 'Upgrade', upgrade: 'websocket' }), OK],
    'an upgrade to HTTP/2': [
      () => withHeaders({ connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }),
      OK,
    ],
    'Expect: 100-continue': [() => withHeaders({ expect: '100-continue' }), '100 undefined', OK],
    TRACE: [() => line('TRACE / HTTP/1.1'), UNSIGNED],
    'OPTIONS *': [() => line('OPTIONS * HTTP/1.1'), UNSIGNED],
    PROPFIND: [() => line('PROPFIND / HTTP/1.1'), UNSIGNED],
    'a path that cannot be decoded': [() => line('GET /%zz HTTP/1.1'), '400 InvalidURI'],
    'no host': [() => 'GET / HTTP/1.1\r\n\r\n', UNSIGNED],
    'no host, signed': [() => withHeaders({ host: undefined }), '403 SignatureDoesNotMatch'],
  };
  it.each(Object.entries(cases))('%s', async (_, [bytes, ...expected]) => {
    expect(await answers(bytes())).toEqual(expected);
  });

  it('HEAD has an answer without a body', async () => {
    const { responses, rest } = await exchange(port, line('HEAD / HTTP/1.1'), { isHead: true });
    expect([responses.map(r => r.status), rest]).toEqual([[403], '']);
  });

  it('a good request before a broken one gets its answer first', async () => {
    const both = Buffer.concat([bytesOf(signed()), Buffer.from('BREW\r\n\r\n')]);
    expect(await answers(both, { endAfterSending: false })).toEqual([OK, MALFORMED]);
  });

  it('a body in single bytes', async () => {
    const bytes = bytesOf(signed());
    const drive: ExchangeOptions['drive'] = async socket => {
      for (const byte of bytes) await new Promise(sent => socket.write(Uint8Array.of(byte), sent));
      socket.end();
    };
    expect(await answers('', { drive })).toEqual([OK]);
  });

  it('a client that closes its side waits for the answer to its write', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `half-closed-${n}`);
    const created = names.map(UserName => answers(bytesOf(action('iam', { ...IAM('CreateUser'), UserName }))));
    expect(await Promise.all(created)).toEqual(names.map(() => [OK]));
  });
});

const withLine = (start: string): Buffer =>
  Buffer.from(
    bytesOf(signed())
      .toString('latin1')
      .replace(/^[^\r]*/, start),
    'latin1',
  );
const IAM = (Action: string) => ({ Action, Version: '2010-05-08' });

describe('bodies that make no sense', () => {
  const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  const xml = { 'content-type': 'application/xml' };
  const named = 'Action=GetUser&Version=2010-05-08&UserName=';
  const cases: Record<string, [bytes: () => Buffer, expected: string | RegExp]> = {
    'no action': [() => signedBody('iam', ''), '400 MissingAction'],
    'an unknown action': [() => bytesOf(action('iam', IAM('BrewCoffee'))), '400 InvalidAction'],
    'an action of another service': [() => bytesOf(action('iam', IAM('GetCallerIdentity'))), '400 InvalidAction'],
    'no version': [() => signedBody('iam', 'Action=ListUsers'), '400 InvalidAction'],
    'a wrong version': [() => signedBody('iam', 'Action=ListUsers&Version=1999-01-01'), '400 InvalidAction'],
    'known, not implemented': [() => bytesOf(action('iam', IAM('CreateVirtualMFADevice'))), '501 NotImplemented'],
    'invalid UTF-8': [() => signedBody('iam', Buffer.from([...Buffer.from(named), 0xff, 0xc0, 0x80])), /^4\d\d \w+$/],
    'invalid UTF-8, escaped': [() => signedBody('iam', `${named}%ff%c0%80`), /^4\d\d \w+$/],
    'a broken escape': [() => signedBody('iam', `${named}%zz`), /^4\d\d \w+$/],
    'null bytes': [() => signedBody('iam', `${named}a%00b`), '400 ValidationError'],
    'a member that is a number and a name': [() => signedBody('iam', `${named}a&UserName.b=c`), /^(200|4\d\d \w+)$/],
    'a list with holes and lies': [
      () =>
        signedBody('iam', 'Action=TagUser&Version=2010-05-08&UserName=a&Tags.member.999999999.Key=a&Tags.member.x=y'),
      /^4\d\d \w+$/,
    ],
    'ten thousand parameters': [() => signedBody('iam', `${named}a&${'a=b&'.repeat(10_000)}`), /^(200|4\d\d \w+)$/],
    'a number that is none': [
      () => signedBody('iam', 'Action=ListUsers&Version=2010-05-08&MaxItems=many'),
      '400 MalformedInput',
    ],
    'a number out of range': [
      () => signedBody('iam', 'Action=ListUsers&Version=2010-05-08&MaxItems=99999'),
      '400 ValidationError',
    ],
    'a forged page marker': [
      () => signedBody('iam', 'Action=ListUsers&Version=2010-05-08&Marker=forged'),
      '400 ValidationError',
    ],
    'a policy that is no JSON': [
      () =>
        bytesOf(action('iam', { ...IAM('CreateRole'), RoleName: 'broken', AssumeRolePolicyDocument: '{"Version":' })),
      '400 MalformedPolicyDocument',
    ],
    'a policy a thousand brackets deep': [
      () =>
        bytesOf(action('iam', { ...IAM('CreateRole'), RoleName: 'deep', AssumeRolePolicyDocument: '['.repeat(1000) })),
      '400 MalformedPolicyDocument',
    ],
    'JSON for a query service': [() => signedBody('iam', '{"a":', json), /^4\d\d \w+$/],
    'XML for a query service': [() => signedBody('iam', '<a><b></a>', xml), /^4\d\d \w+$/],
    'broken JSON': [() => signedBody('dynamodb', '{"a":', json), '400 SerializationException'],
    'broken JSON for a service that is not here': [() => signedBody('logs', '{"a":', json), '501 NotImplemented'],
    'broken XML for a service that is not here': [
      () => signedBody('cloudfront', '<a><b></a>', xml),
      '501 NotImplemented',
    ],
  };
  it.each(Object.entries(cases))('%s', async (_, [bytes, expected]) => {
    const [answer] = await answers(bytes());
    if (typeof expected === 'string') expect(answer).toBe(expected);
    else expect(answer).toMatch(expected);
  });
});

describe.concurrent('clients that do not go on', () => {
  it('headers that never end', async () => {
    const answer = answers(line('POST / HTTP/1.1').slice(0, -2), { endAfterSending: false, timeoutMs: 25_000 });
    expect(await answer).toEqual(['408 RequestTimeout']);
  });
  it('a body that never comes', async () => {
    const answer = answers(withHeaders({ 'content-length': '500' }), { endAfterSending: false, timeoutMs: 40_000 });
    expect(await answer).toEqual(['400 RequestTimeout']);
  });
  it('a body too large that never ends', async () => {
    const answer = answers(withHeaders({ 'content-length': '5000000' }), { endAfterSending: false });
    expect(await answer).toEqual(['413 RequestEntityTooLarge']);
  });
  it('a connection that is torn', async () => {
    const torn = Array.from({ length: 200 }, (_, n) =>
      exchange(port, '', {
        drive: socket => {
          socket.write(bytesOf(signed()).subarray(0, n * 2), () => socket.resetAndDestroy());
        },
      }),
    );
    await Promise.all(torn);
  });
});

/** Each run draws other ones; `STORMGLASS_MUTATIONS=20000` is the full measure. */
const MUTATED = Number(process.env.STORMGLASS_MUTATIONS ?? 5000);
const CONNECTIONS = 32;
const TIME_LIMIT_MS = 240_000;
const seed = Number(process.env.STORMGLASS_SEED ?? Math.floor(Date.now() / 1000));

it(`${MUTATED} mutations of signed requests (seed ${seed})`, { timeout: TIME_LIMIT_MS + 30_000 }, async () => {
  const originals = signedRequests();
  for (const original of originals) expect(complaint(await exchange(port, bytesOf(original)))).toBeUndefined();
  const names = Object.keys(MUTATIONS);
  const deadline = performance.now() + TIME_LIMIT_MS;
  const wrong: string[] = [];
  let next = 0;
  let warm: Record<string, number> | undefined;
  const work = async () => {
    while (next < MUTATED && wrong.length < 5) {
      const n = next++;
      if (n === Math.floor(MUTATED / 3)) warm = memory();
      expect(performance.now(), `only ${n} in time`).toBeLessThan(deadline);
      const random = seededRandom(seed + n);
      const name = names[n % names.length]!;
      const bytes = MUTATIONS[name]!(choose(originals, random), originals, random);
      const problem = complaint(await exchange(port, bytes));
      if (problem !== undefined) wrong.push(`${n}, ${name}: ${problem}\n${JSON.stringify(bytes.toString('latin1'))}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  expect(wrong, `seed ${seed}`).toEqual([]);
  const end = memory();
  for (const [name, bytes] of Object.entries(end)) {
    expect(bytes, `memory of ${name}, seed ${seed}`).toBeLessThan(warm![name]! * 1.5 + 64 * 1024 * 1024);
  }
});

const choose = (requests: readonly SignedRequest[], random: Random): SignedRequest => pick(random, requests);
const memory = () => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, rssBytes(pid)]));

it('leaves no trace', async () => {
  await until('every connection to be gone', async () => {
    const { zones } = await region.world.status();
    return zones.every(zone => zone.connections === 0);
  });
  expect(await region.pids()).toEqual(pids);
  await until('every zone to be well', async () => {
    const { zones } = await region.world.status();
    return zones.every(({ restarts, healthy, log }) => restarts === 0 && healthy && log === 'ok');
  });
  expect(defects(region.folder)).toEqual([]);
  expect((await region.world.doctor()).findings.filter(f => f.level !== 'ok')).toEqual([]);
  expect(await answers(bytesOf(signed()))).toEqual([OK]);
});
