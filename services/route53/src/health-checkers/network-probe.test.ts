/** Probes against servers on loopback, on the real network and a clock whose time the test makes. */
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, Socket } from 'node:net';
import { type Clock, systemClock } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterEach, expect, it } from 'vitest';
import { networkProbe } from './network-probe.ts';
import { type ProbeTarget, targetOf } from './probe.ts';
import { systemSockets } from './system-sockets.ts';

const servers: Server[] = [];
const connections = new Set<Socket>();
afterEach(async () => {
  for (const socket of connections) socket.destroy();
  await Promise.all(servers.splice(0).map(server => new Promise(done => server.close(done))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', socket => connections.add(socket.on('close', () => connections.delete(socket))));
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
const http = (listener: RequestListener): Promise<number> => listen(createHttpServer(listener) as HttpServer);

/** A clock whose timers run when the test says so. */
function heldClock() {
  const timers = new Map<object, { readonly ms: number; readonly fn: () => void }>();
  const clock: Clock = {
    ...systemClock,
    after(ms, fn) {
      const key = {};
      timers.set(key, { ms, fn });
      return () => timers.delete(key);
    },
  };
  return {
    clock,
    timers,
    expire() {
      for (const { fn } of [...timers.values()]) fn();
    },
  };
}

const resolveHere = async (name: string): Promise<string | undefined> =>
  name === 'here.test' ? '127.0.0.1' : undefined;
const probeWith = (clock: Clock, resolve = resolveHere) => networkProbe({ sockets: systemSockets, clock, resolve });

const target = (port: number, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  ...{ type: 'HTTP', host: '127.0.0.1', port, path: '/', hostHeader: 'x.test' },
  ...more,
});
const never = new AbortController().signal;

it('takes statuses of 200 and 300 for healthy, and asks as Route 53 does', async () => {
  const asked: string[] = [];
  const port = await http((request, response) => {
    asked.push(`${request.headers.host} ${request.url} ${request.headers['user-agent']}`);
    response.statusCode = Number(request.url!.slice(1)) || 200;
    response.end('ok');
  });
  const probe = probeWith(systemClock);
  const ask = (path: string) => probe(target(port, { path }), never);
  expect(await ask('/')).toEqual({ isHealthy: true, status: 'Success: HTTP Status Code 200, OK' });
  expect(await ask('/302')).toMatchObject({ isHealthy: true });
  expect(await ask('/404')).toEqual({ isHealthy: false, status: 'Failure: HTTP Status Code 404, Not Found' });
  expect(await ask('/503')).toMatchObject({ isHealthy: false });
  expect(asked[0]).toBe('x.test / Amazon-Route53-Health-Check-Service');
});

it('looks for a text in the first 5120 bytes', async () => {
  const port = await http((request, response) => {
    const before = 'x'.repeat(Number(request.url!.slice(1)));
    response.end(`${before}all is well`);
  });
  const probe = probeWith(systemClock);
  const ask = (path: string) =>
    probe(target(port, { path, type: 'HTTP_STR_MATCH', searchString: 'all is well' }), never);
  expect(await ask('/0')).toMatchObject({ isHealthy: true });
  expect(await ask('/5109')).toMatchObject({ isHealthy: true });
  expect(await ask('/5110')).toMatchObject({ isHealthy: false, status: expect.stringContaining('not found') });
  expect(await ask('/100000')).toMatchObject({ isHealthy: false });
});

it('resolves names, and fails for those that have no address', async () => {
  const port = await http((_request, response) => response.end());
  const probe = probeWith(systemClock);
  expect(await probe(target(port, { host: 'here.test' }), never)).toMatchObject({ isHealthy: true });
  expect(await probe(target(port, { host: 'gone.test' }), never)).toEqual({
    isHealthy: false,
    status: 'Failure: DNS resolution failed: gone.test has no address.',
  });
  const broken = probeWith(systemClock, () => Promise.reject(new Error('the resolver is ill')));
  expect(await broken(target(port, { host: 'here.test' }), never)).toMatchObject({
    status: 'Failure: the resolver is ill',
  });
});

it('takes a TCP connection for health, and its refusal for the contrary', async () => {
  const server = createTcpServer();
  const port = await listen(server);
  const probe = probeWith(systemClock);
  expect(await probe(target(port, { type: 'TCP' }), never)).toMatchObject({ isHealthy: true });
  await new Promise(done => servers.pop()!.close(done));
  expect(await probe(target(port, { type: 'TCP' }), never)).toMatchObject({
    isHealthy: false,
    status: expect.stringContaining('ECONNREFUSED'),
  });
});

it('waits two seconds for an answer, and no longer', async () => {
  const { clock, timers, expire } = heldClock();
  let asked = 0;
  const port = await http(() => void asked++);
  const result = probeWith(clock)(target(port), never);
  await until('the request to arrive', () => asked > 0);
  expect([...timers.values()].map(({ ms }) => ms)).toEqual([2000]);
  expire();
  expect(await result).toEqual({ isHealthy: false, status: 'Failure: The endpoint did not answer in time.' });
  expect(timers.size).toBe(0);
});

it('waits four seconds for a connection, ten for TCP', async () => {
  const { clock, timers, expire } = heldClock();
  // A socket that never connects.
  const sockets = { ...systemSockets, tcp: () => new Socket() };
  const probe = networkProbe({ sockets, clock, resolve: async () => undefined });
  for (const [type, ms] of [
    ['HTTP', 4000],
    ['TCP', 10_000],
  ] as const) {
    const result = probe(target(9, { type }), never);
    expect([...timers.values()][0]!.ms).toBe(ms);
    expire();
    expect(await result).toMatchObject({ isHealthy: false, status: expect.stringContaining('Connection timed out') });
  }
});

it('survives an endpoint that does not speak HTTP, and one that hangs up', async () => {
  const noise = await listen(createTcpServer(socket => socket.on('error', () => {}).end('GARBAGE\r\n\r\n')));
  const silence = await listen(createTcpServer(socket => socket.on('error', () => {}).end()));
  const probe = probeWith(systemClock);
  for (const port of [noise, silence]) expect(await probe(target(port), never)).toMatchObject({ isHealthy: false });
  // Speaking HTTPS to somebody who does not.
  expect(await probe(target(noise, { type: 'HTTPS' }), never)).toMatchObject({ isHealthy: false });
});

it('ends when it is told to', async () => {
  const port = await http(() => {});
  const stop = new AbortController();
  const result = probeWith(systemClock)(target(port), stop.signal);
  stop.abort();
  expect(await result).toMatchObject({ isHealthy: false });
  expect(await probeWith(systemClock)(target(port), stop.signal)).toMatchObject({ isHealthy: false });
});

it('makes targets of settings', () => {
  const common = { inverted: false, disabled: false };
  expect(targetOf({ ...common, type: 'HTTP', ipAddress: '192.0.2.1', domainName: 'a.test', port: 80 })).toEqual({
    ...{ type: 'HTTP', host: '192.0.2.1', port: 80, path: '/', hostHeader: 'a.test' },
  });
  expect(targetOf({ ...common, type: 'HTTPS', domainName: 'a.test', port: 8443, resourcePath: '/x' })).toEqual({
    ...{ type: 'HTTPS', host: 'a.test', port: 8443, path: '/x', hostHeader: 'a.test:8443', serverName: 'a.test' },
  });
  expect(targetOf({ ...common, type: 'TCP', ipAddress: '::1', port: 9 })).toMatchObject({ hostHeader: '[::1]:9' });
  expect(targetOf({ ...common, type: 'CALCULATED', children: [] })).toBeUndefined();
});
