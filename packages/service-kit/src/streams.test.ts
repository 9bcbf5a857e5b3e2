/** Bodies that are streams, both ways, over real sockets: what is refused early, what breaks off, who waits for whom. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { EMPTY_BODY } from '@stormglass/aws-wire';
import { systemClock } from '@stormglass/base';
import {
  type ExchangeOptions,
  errorCode,
  exchange,
  type SignedRequest,
  signChunks,
  signRequest,
  type UnsignedRequest,
  until,
} from '@stormglass/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type BytesHost, type BytesHostOptions, drain, startBytesHost } from './testing/bytes-host.ts';

let host: BytesHost;
afterEach(() => host.close());

const start = async (options: BytesHostOptions = {}) => {
  host = await startBytesHost(options);
};

const put: UnsignedRequest = { method: 'PUT', path: '/bucket/key', payload: 'UNSIGNED-PAYLOAD' };

function signed(request: UnsignedRequest, headers: Record<string, string> = {}): SignedRequest {
  return signRequest(host.root, request, { nowMs: systemClock.now(), host: 'localhost', headers });
}

const headOf = ({ method, path, query, headers }: SignedRequest, more: Record<string, string> = {}): string =>
  `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n` +
  `${Object.entries({ ...headers, ...more })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** Sends a request with that body, announced as being of `length`, and gives the first answer. */
async function send(request: SignedRequest, body: Buffer, length = body.length, options: ExchangeOptions = {}) {
  const head = Buffer.from(headOf(request, { 'content-length': String(length) }));
  const { responses } = await exchange(host.port, Buffer.concat([head, body]), { responses: 1, ...options });
  return responses[0];
}

const waiting = { endAfterSending: false };

describe('an upload', () => {
  it('reaches its handler as it comes, with its length and the hash that was signed', async () => {
    await start();
    const body = Buffer.alloc(3_000_000, 7);
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(await send(signed({ ...put, payload: sha256 }), body, body.length, waiting)).toMatchObject({
      status: 200,
      head: expect.stringContaining('x-length: 3000000'),
    });
    expect(host.handled[0]!.call.body).toMatchObject({ length: 3_000_000, sha256 });
    expect(host.handled[0]!.call.signed).toMatchObject({ form: 'header', version: 4, payloadHash: sha256 });
  });

  it('is refused before its body is asked for', async () => {
    await start();
    const wrong = signed(put);
    const request = {
      ...wrong,
      headers: { ...wrong.headers, authorization: `${wrong.headers.authorization!.slice(0, -4)}0000` },
    };
    const { responses } = await exchange(
      host.port,
      headOf(request, { expect: '100-continue', 'content-length': '1000000' }),
      { ...waiting, responses: 1 },
    );
    expect(responses.map(({ status }) => status)).toEqual([403]);
    expect(errorCode(responses[0]!)).toBe('SignatureDoesNotMatch');
    expect(host.handled).toEqual([]);
  });

  it('is asked for once somebody reads it', async () => {
    await start();
    const drive = async (socket: Socket) => {
      socket.write(headOf(signed(put), { expect: '100-continue', 'content-length': '5' }));
      await once(socket, 'data');
      socket.write('hello');
    };
    const { responses } = await exchange(host.port, '', { drive, responses: 2 });
    expect(responses.map(({ status }) => status)).toEqual([100, 200]);
  });

  it('waits while nobody reads it', async () => {
    const go = Promise.withResolvers<void>();
    await start({
      async take(body) {
        const pieces = body.chunks[Symbol.asyncIterator]();
        const first = (await pieces.next()).value as Buffer;
        await go.promise;
        return first.length + (await drain({ ...body, chunks: { [Symbol.asyncIterator]: () => pieces } }));
      },
    });
    const size = 64 * 1024 * 1024;
    const socket = connect({ port: host.port, host: '127.0.0.1' });
    socket.write(headOf(signed(put), { 'content-length': String(size) }));
    const piece = Buffer.alloc(1024 * 1024);
    let written = 0;
    // What the sockets of both sides hold is some megabytes at most; the rest is not taken.
    const pump = async () => {
      for (; written < size; written += piece.length) if (!socket.write(piece)) await once(socket, 'drain');
    };
    const pumped = pump();
    await until('a sender that waits', async () => {
      const before = written;
      await new Promise(resolve => setTimeout(resolve, 100));
      return written > 0 && written === before;
    });
    expect(written).toBeLessThan(size / 2);
    go.resolve();
    await pumped;
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 200 [\\s\\S]*x-length: ${size}`));
    socket.destroy();
  });

  it('that falls silent is ended, however long it has been going on before', async () => {
    await start({ limits: { timeoutMs: 200, lingerMs: 50 } });
    const drive = async (socket: Socket) => {
      socket.write(headOf(signed(put), { 'content-length': '100' }));
      // Longer altogether than the silence that is allowed.
      for (let i = 0; i < 5; i++) {
        socket.write('x');
        await new Promise(resolve => setTimeout(resolve, 80));
      }
    };
    const { responses, end } = await exchange(host.port, '', { drive });
    expect([end, responses[0]?.status, errorCode(responses[0]!)]).toEqual(['closed', 400, 'RequestTimeout']);
  });

  it('that breaks off ends its reader, and frees its place', async () => {
    const failed = Promise.withResolvers<unknown>();
    await start({
      take: body =>
        drain(body).catch((error: unknown) => {
          failed.resolve(error);
          throw error;
        }),
    });
    const socket = connect({ port: host.port, host: '127.0.0.1' });
    socket.write(headOf(signed(put), { 'content-length': '100000' }) + 'x'.repeat(1000));
    await until('its call', () => host.handled.length === 1);
    socket.destroy();
    expect(await failed.promise).toMatchObject({ code: 'RequestAborted' });
    await until('a free place', () => host.admission.inFlight === 0);
  });

  it('that its handler does not want is thrown away, and the answer is seen', async () => {
    await start({ take: async () => 0 });
    const response = await send(signed(put), Buffer.alloc(4_000_000), 4_000_000, waiting);
    expect(response?.status).toBe(200);
  });
});

describe('an aws-chunked upload', () => {
  const signedPayload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
  const chunks = [Buffer.alloc(100_000, 'a'), Buffer.alloc(70_000, 'b')];

  const upload = (length = 170_000) =>
    signed({ ...put, payload: signedPayload }, { 'x-amz-decoded-content-length': String(length) });
  const coded = (request: SignedRequest) => signChunks(host.root, request, chunks, systemClock.now());

  it('arrives without its coding', async () => {
    await start();
    const nowMs = systemClock.now();
    const headers = { 'x-amz-decoded-content-length': '170000' };
    const request = signRequest(host.root, { ...put, payload: signedPayload }, { nowMs, host: 'localhost', headers });
    const response = await send(request, signChunks(host.root, request, chunks, nowMs));
    expect(response).toMatchObject({ status: 200, head: expect.stringContaining('x-length: 170000') });
    expect(host.handled[0]!.call.body).toMatchObject({ length: 170_000, sha256: undefined });
  });

  it('with a byte changed does not count', async () => {
    await start();
    const request = upload();
    const body = coded(request);
    body[120_000]! ^= 1;
    const response = await send(request, body, body.length, waiting);
    expect([response?.status, errorCode(response!)]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it('without its end, or of another length than it says, is incomplete', async () => {
    await start();
    const request = upload();
    const body = coded(request);
    const cut = await send(request, body.subarray(0, -90), body.length - 90, waiting);
    const short = upload(170_001);
    const long = upload(169_999);
    const responses = [cut, await send(short, coded(short)), await send(long, coded(long))];
    expect(responses.map(response => [response?.status, errorCode(response!)])).toEqual(
      Array(3).fill([400, 'IncompleteBody']),
    );
  });

  it('says in its trailer what could not be known before', async () => {
    let trailers: ReadonlyMap<string, string> | undefined;
    await start({
      async take(body) {
        const length = await drain(body);
        trailers = body.trailers();
        return length;
      },
    });
    const headers = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' };
    const request = signed({ ...put, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, headers);
    const text = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';
    expect(await send(request, Buffer.from(text))).toMatchObject({ status: 200 });
    expect(Object.fromEntries(trailers!)).toEqual({ 'x-amz-checksum-crc32': 'NhCmhg==' });
    const without = await send(request, Buffer.from('5\r\nhello\r\n0\r\n\r\n'));
    expect([without?.status, errorCode(without!)]).toEqual([400, 'MalformedTrailerError']);
  });
});

describe('a body that is no stream', () => {
  it('is compared with what was signed', async () => {
    await start();
    const body = Buffer.from('<Words><Word>yes</Word></Words>');
    const request = signed({ method: 'POST', path: '/bucket', query: 'say', body });
    expect(await send(request, body)).toMatchObject({ status: 200 });
    const other = Buffer.from('<Words><Word>no!</Word></Words>');
    const response = await send(request, other);
    expect([response?.status, errorCode(response!)]).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect(host.handled.map(({ key }) => key)).toEqual(['yes']);
  });

  it('has a bound of its own', async () => {
    await start({ hooks: { bodyBytesMax: 100 } });
    const body = Buffer.alloc(101, 32);
    const response = await send(signed({ method: 'POST', path: '/bucket', query: 'say', body }), body);
    expect([response?.status, errorCode(response!)]).toEqual([400, 'MaxMessageLengthExceeded']);
  });
});

describe('a download', () => {
  it('goes out with its status and its length', async () => {
    await start({
      length: 10,
      async *give() {
        yield Buffer.from('hello');
        yield Buffer.from('world');
      },
    });
    const request = signed({ method: 'GET', path: '/bucket/key' });
    const { responses } = await exchange(host.port, headOf(request), { responses: 1, ...waiting });
    expect(responses[0]).toMatchObject({ status: 206, body: 'helloworld' });
    expect(responses[0]!.head).toContain('content-length: 10');
    expect(host.admission.inFlight).toBe(0);
  });

  it('is not read for HEAD, which tells its length all the same', async () => {
    let ended = false;
    await start({
      length: 10,
      give: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new Error('nobody asked')),
          return: async () => {
            ended = true;
            return { done: true, value: undefined };
          },
        }),
      }),
    });
    const request = signed({ method: 'HEAD', path: '/bucket/key' });
    const { responses } = await exchange(host.port, headOf(request), { responses: 1, isHead: true, ...waiting });
    expect(responses[0]!.head).toMatch(/^HTTP\/1.1 206 [\s\S]*content-length: 10/);
    expect([ended, host.admission.inFlight]).toEqual([true, 0]);
  });

  it('waits for its client, keeps its place meanwhile, and ends when the client is gone', async () => {
    let given = 0;
    let ended = false;
    await start({
      length: 1e9,
      async *give() {
        try {
          for (; ; given++) yield Buffer.alloc(1e6);
        } finally {
          ended = true;
        }
      },
    });
    const socket = connect({ port: host.port, host: '127.0.0.1' }).pause();
    socket.write(headOf(signed({ method: 'GET', path: '/bucket/key' })));
    await until('a stream that waits', async () => {
      const before = given;
      await new Promise(resolve => setTimeout(resolve, 100));
      return given > 0 && given === before;
    });
    expect([given < 500, ended, host.admission.inFlight]).toEqual([true, false, 1]);
    socket.destroy();
    await until('its end', () => ended && host.admission.inFlight === 0);
  });

  it('is one of so many that others still find a place', async () => {
    await start({
      length: 1e9,
      async *give() {
        for (;;) yield Buffer.alloc(1e6);
      },
    });
    const get = headOf(signed({ method: 'GET', path: '/bucket/key' }));
    const sockets = Array.from({ length: 6 }, () => connect({ port: host.port, host: '127.0.0.1' }).pause());
    for (const socket of sockets) socket.write(get);
    await until('their calls', () => host.handled.length === 6);
    const { responses } = await exchange(host.port, get, { responses: 1, ...waiting });
    expect([responses[0]?.status, errorCode(responses[0]!)]).toEqual([503, 'ServiceUnavailable']);
    const body = Buffer.from('<Words><Word>yes</Word></Words>');
    expect(await send(signed({ method: 'POST', path: '/bucket', query: 'say', body }), body)).toMatchObject({
      status: 200,
    });
    for (const socket of sockets) socket.destroy();
    await until('free places', () => host.admission.inFlight === 0);
    const again = connect({ port: host.port, host: '127.0.0.1' });
    again.write(get);
    expect(String((await once(again, 'data'))[0])).toMatch(/^HTTP\/1.1 206 /);
    again.destroy();
  });

  it('whose client takes nothing for too long is cut off', async () => {
    await start({
      ...{ length: 1e9, limits: { timeoutMs: 100 } },
      async *give() {
        for (;;) yield Buffer.alloc(1e6);
      },
    });
    const socket = connect({ port: host.port, host: '127.0.0.1' }).pause();
    socket.write(headOf(signed({ method: 'GET', path: '/bucket/key' })));
    await until('its call', () => host.handled.length === 1);
    await until('a free place', () => host.admission.inFlight === 0);
    socket.destroy();
  });

  it('that fails in the middle, or has another length than it said, is broken off', async () => {
    await start({
      length: 10,
      async *give(key) {
        yield Buffer.from('hello');
        if (key === 'rotten') throw new Error('rotten');
      },
    });
    for (const path of ['/bucket/rotten', '/bucket/short']) {
      const { responses, end } = await exchange(host.port, headOf(signed({ method: 'GET', path })), waiting);
      expect([responses, end]).toEqual([[], 'closed']);
    }
    expect(host.admission.inFlight).toBe(0);
  });
});

it('what is not implemented is not taken for something else', async () => {
  await start();
  const response = await send(signed({ method: 'GET', path: '/bucket/key', query: 'restore' }), EMPTY_BODY);
  expect([response?.status, errorCode(response!)]).toEqual([501, 'NotImplemented']);
});
