/** The HTTP side at its limits, over real sockets: slow, broken and oversized requests, each bounded and answered. */
import type { AddressInfo } from 'node:net';
import { type AwsError, type WireResponse, writeError } from '@stormglass/aws-wire';
import { errorCode, exchange, until } from '@stormglass/testing';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { createHttpHost, type HttpHostOptions, type HttpLimits } from './http-host.ts';

let app: FastifyInstance | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

type StubPipeline = HttpHostOptions['pipeline'];

const refuse = (error: AwsError): WireResponse =>
  writeError(undefined, error, { method: 'GET', path: '/', query: '', headers: {}, body: Buffer.alloc(0) }, 'r');

/** Reads the body and says what it saw. */
const echo: StubPipeline = {
  refuse,
  async handle({ method, path }, body) {
    try {
      return { status: 200, headers: {}, body: `${method} ${path} ${(await body.whole()).length}` };
    } catch (error) {
      return refuse(error as AwsError);
    }
  },
};

const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as HttpHostOptions['logger'];

async function listen(limits: Partial<HttpLimits> = {}, pipeline = echo): Promise<number> {
  app = createHttpHost({ pipeline, logger: silent, health: () => ({}), limits });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

const post = (body: string, length = body.length, more = '') =>
  `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n${more}\r\n${body}`;

it('ends a request whose headers do not come', async () => {
  const port = await listen({ headersTimeoutMs: 100 });
  const { responses, end } = await exchange(port, 'POST / HTTP/1.1\r\nhost: a\r\n', { endAfterSending: false });
  expect([end, responses[0]?.status, errorCode(responses[0]!)]).toEqual(['closed', 408, 'RequestTimeout']);
});

it('ends a connection on which nothing comes', async () => {
  const port = await listen({ headersTimeoutMs: 100 });
  expect((await exchange(port, '', { endAfterSending: false })).end).toBe('closed');
});

it('ends a request whose body does not come', async () => {
  const port = await listen({ timeoutMs: 100, lingerMs: 50 });
  const { responses, end } = await exchange(port, post('abc', 100), { endAfterSending: false });
  expect([end, responses[0]?.status, errorCode(responses[0]!)]).toEqual(['closed', 400, 'RequestTimeout']);
});

it('a client that sends all of a body too large before it reads gets to see the refusal', async () => {
  const port = await listen();
  const { responses, end } = await exchange(port, post('x'.repeat(8 * 1024 * 1024)), { endAfterSending: false });
  expect([end, responses[0]?.status, errorCode(responses[0]!)]).toEqual(['closed', 413, 'RequestEntityTooLarge']);
});

it('a body too large that never ends is not read for ever', async () => {
  const port = await listen({ lingerMs: 50 });
  const { responses, end } = await exchange(port, post('x', 2 ** 40), { endAfterSending: false });
  expect([end, responses[0]?.status]).toEqual(['closed', 413]);
});

it('bodies that a service lets be large find room together, or are asked to come again', async () => {
  const held = Promise.withResolvers<void>();
  let read = 0;
  const pipeline: StubPipeline = {
    refuse,
    async handle(_head, body) {
      try {
        const { length } = await body.whole(1000);
        read++;
        await held.promise;
        return { status: 200, headers: {}, body: `${length}` };
      } catch (error) {
        return refuse(error as AwsError);
      }
    },
  };
  const port = await listen({ maxBytes: 100, largeBytes: 150, lingerMs: 50 }, pipeline);
  const statusOf = async (length: number) => (await exchange(port, post('x'.repeat(length)))).responses[0]?.status;
  const first = statusOf(200);
  await until('the first body', () => read === 1);
  expect(await statusOf(200)).toBe(503);
  // What is no larger than usual needs no room.
  const small = statusOf(100);
  await until('the small body', () => read === 2);
  held.resolve();
  expect([await first, await small, await statusOf(200), await statusOf(300)]).toEqual([200, 200, 200, 503]);
});

/** Holds every answer back until it is released. */
async function listenSlowly() {
  const released = Promise.withResolvers<void>();
  let asked = 0;
  const handle: StubPipeline['handle'] = async (head, body, origin) => {
    asked++;
    await released.promise;
    return echo.handle(head, body, origin);
  };
  const port = await listen({}, { refuse, handle });
  return {
    port,
    release: () => released.resolve(),
    asked: (count: number) => until('requests', () => asked === count),
  };
}

it('requests before a broken one get their answers first', async () => {
  const { port, release, asked } = await listenSlowly();
  const answers = exchange(port, `${post('abc')}${post('d')}GARBAGE\r\n\r\n`, { endAfterSending: false });
  await asked(2);
  release();
  const { responses, rest, end } = await answers;
  expect(responses.map(r => r.status)).toEqual([200, 200, 400]);
  expect([rest, end]).toEqual(['', 'closed']);
});

it('a client that has closed its side still gets its answers', async () => {
  const { port, release, asked } = await listenSlowly();
  const answers = exchange(port, post('abc') + post('d'));
  await asked(2);
  release();
  const { responses, end } = await answers;
  expect([responses.map(r => r.status), end]).toEqual([[200, 200], 'closed']);
});

it('answers every method and every path, whatever the router makes of them', async () => {
  const port = await listen();
  for (const [line, seen] of [
    ['PROPFIND / HTTP/1.1', 'PROPFIND / 0'],
    ['GET /%zz HTTP/1.1', 'GET /%zz 0'],
    ['GET http://elsewhere/a?b HTTP/1.1', 'GET /a 0'],
    ['GET http://elsewhere HTTP/1.1', 'GET / 0'],
    ['OPTIONS * HTTP/1.1', 'OPTIONS * 0'],
  ]) {
    expect((await exchange(port, `${line}\r\nhost: a\r\n\r\n`)).responses[0]?.body, line).toBe(seen);
  }
  expect((await exchange(port, 'GET / HTTP/1.1\r\n\r\n')).responses[0]?.status, 'no host').toBe(200);
});

it('sends 100 Continue when it wants the body, and says so when it cannot meet an expectation', async () => {
  const port = await listen();
  const met = await exchange(port, post('abc', 3, 'expect: 100-continue\r\n'));
  expect(met.responses.map(r => r.status)).toEqual([100, 200]);
  const tooLarge = await exchange(port, post('', 2 ** 30, 'expect: 100-continue\r\n'));
  expect(tooLarge.responses.map(r => r.status)).toEqual([413]);
  const unmet = await exchange(port, post('abc', 3, 'expect: miracles\r\n'));
  expect(unmet.responses.map(errorCode)).toEqual(['ExpectationFailed']);
});
