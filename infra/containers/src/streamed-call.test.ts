/** Requests passed on without holding them, with a service that takes, refuses, dawdles, or goes away. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '@stormglass/aws-wire';
import { systemClock } from '@stormglass/base';
import type { RequestBody } from '@stormglass/service-kit';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callStreamed } from './streamed-call.ts';

let server: Server;
let port: number;
let agent: Agent;
let serve: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer();
  server.on('checkContinue', (request, response) => serve(request, response));
  server.on('request', (request, response) => serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  agent = new Agent({ keepAlive: true, host: '127.0.0.1', port } as object);
});
afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

const CHUNK = randomBytes(64 * 1024);

/** A body of so many chunks; counts those that were asked for. */
function bodyOfChunks(count: number, length: number | undefined = count * CHUNK.length) {
  const taken = { chunks: 0 };
  const body: RequestBody = {
    length,
    whole: () => Promise.reject(new Error('it is not to be held')),
    async *stream() {
      for (; taken.chunks < count; taken.chunks++) yield CHUNK;
    },
  };
  return { body, taken };
}

const call = (body: RequestBody, path = '/', method = 'PUT', silenceMs = 20_000) =>
  callStreamed({ agent, method, path, headers: ['host', 'test', 'x-a', 'b'], body, silenceMs, clock: systemClock });

async function read(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it('sends a body once it is asked for, with its length or without', async () => {
  serve = async (request, response) => {
    response.writeContinue();
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    response.end(JSON.stringify([request.headers['content-length'] ?? 'chunked', request.headers['x-a'], bytes]));
  };
  const bytes = 50 * CHUNK.length;
  expect(JSON.parse(await read((await call(bodyOfChunks(50).body)).body))).toEqual([String(bytes), 'b', bytes]);
  const unknown = { ...bodyOfChunks(50).body, length: undefined };
  expect(JSON.parse(await read((await call(unknown)).body))).toEqual(['chunked', 'b', bytes]);
});

it('does not ask for a body that the service refuses by its head', async () => {
  serve = (_, response) => response.writeHead(403).end('no');
  const { body, taken } = bodyOfChunks(10);
  const answer = await call(body);
  expect([answer.status, await read(answer.body), taken.chunks]).toEqual([403, 'no', 0]);
});

it('takes no more of a body than the service does', async () => {
  let go = () => {};
  serve = async (request, response) => {
    response.writeContinue();
    await new Promise<void>(resolve => {
      go = resolve;
    });
    request.resume();
    request.on('end', () => response.end('done'));
  };
  const { body, taken } = bodyOfChunks(2000);
  const answer = call(body);
  let last = -1;
  await until('the sender waits', async () => {
    const isStill = taken.chunks > 0 && taken.chunks === last;
    last = taken.chunks;
    return isStill;
  });
  expect(taken.chunks).toBeLessThan(1000);
  go();
  expect(await read((await answer).body)).toBe('done');
  expect(taken.chunks).toBe(2000);
});

it('stops sending when the answer comes before the end', async () => {
  serve = (request, response) => {
    response.writeContinue();
    request.once('data', () => {
      request.pause();
      response.writeHead(400).end('enough');
    });
  };
  const { body, taken } = bodyOfChunks(5000);
  const answer = await call(body);
  expect([answer.status, await read(answer.body)]).toEqual([400, 'enough']);
  expect(taken.chunks).toBeLessThan(5000);
});

it('tells the service of a client that breaks off, and the client of a service that does', async () => {
  let isCut = false;
  serve = (request, response) => {
    response.writeContinue();
    request.resume().on('error', () => {
      isCut = true;
    });
  };
  const broken = new AwsError('IncompleteBody', 400, 'broken off');
  const body: RequestBody = {
    ...bodyOfChunks(1, 10 * CHUNK.length).body,
    async *stream() {
      yield CHUNK;
      throw broken;
    },
  };
  await expect(call(body)).rejects.toBe(broken);
  await until('the service hears of it', () => isCut);

  serve = (_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  };
  const answer = await call(bodyOfChunks(0).body, '/', 'GET');
  await expect(read(answer.body)).rejects.toThrow();
});

it('ends the call when nobody reads the answer any more, and when the service is silent', async () => {
  let isGone = false;
  serve = (_, response) => {
    response.on('close', () => {
      isGone = true;
    });
    const more = () => void (response.write(CHUNK) ? setImmediate(more) : response.once('drain', more));
    more();
  };
  for await (const _ of (await call(bodyOfChunks(0).body, '/', 'GET')).body) break;
  await until('the service hears of it', () => isGone);
  serve = () => {};
  await expect(call(bodyOfChunks(0).body, '/', 'GET', 50)).rejects.toThrow('silent');
});
