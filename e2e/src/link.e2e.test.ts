/**
 * A link as it runs beside a zone: a process of its own, told over HTTP what to break. Each fault has its effect on real
 * connections, and none any more when it is over; how fast and how exactly is measured by `bench/src/link.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@stormglass/base';
import { LinkClient, type WantedRule } from '@stormglass/link';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const HOST = '127.0.0.1';
const MAIN = fileURLToPath(new URL('../../infra/link/src/main.ts', import.meta.url));

let target: Server;
let secure: Server;
let datagrams: UdpSocket;
let link: ChildProcess;
let client: LinkClient;
let ports: { readonly tcp: readonly [number, number]; readonly udp: readonly [number] };
const sockets: (Socket | UdpSocket)[] = [];
let trusted: string;

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const echo = (socket: Socket) => void socket.on('error', () => socket.destroy()).pipe(socket);

beforeAll(async () => {
  const authority = await testAuthority();
  const { credential } = await testIdentity(authority, { use: 'server', lifeMs: 3_600_000 });
  const { key, certificate, chain } = credential!;
  trusted = authority.root;
  target = createServer({ allowHalfOpen: true }, echo).listen(0, HOST);
  secure = createTlsServer({ key, cert: [certificate, ...chain].join('') }, echo).listen(0, HOST);
  datagrams = createSocket('udp4').bind(0, HOST);
  datagrams.on('message', (bytes, { port, address }) => datagrams.send(bytes, port, address));
  secure.on('tlsClientError', () => {});
  await Promise.all([target, secure, datagrams].map(each => once(each, 'listening')));
  const tcp = `0:${portOf(target)},0:${portOf(secure)}`;
  const wire = ['--from', 'near', '--to', 'far', '--target', 'localhost', '--tcp', tcp];
  const args = [MAIN, ...wire, '--udp', `0:${datagrams.address().port}`, '--api', '0'];
  link = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(link.stdout!), 'line')) as [string];
  const told = JSON.parse(line) as typeof ports & { api: number };
  ports = told;
  client = new LinkClient({ endpoint: `http://${HOST}:${told.api}`, clock: systemClock });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) 'destroy' in socket ? socket.destroy() : socket.close();
  await client.clear();
  await until('an idle link', async () => (await client.stats()).open === 0);
});
afterAll(async () => {
  link.kill('SIGTERM');
  await once(link, 'exit');
  for (const each of [target, secure, datagrams]) each.close();
});

/** One-way rules from here to the target, unless told. */
const fault = (name: string, settings = {}, more: Partial<WantedRule> = {}) =>
  client.add({ fault: name, from: 'near', to: 'far', oneWay: true, settings, ...more });

interface Dialled {
  readonly socket: Socket;
  readonly heard: { text: string; ended: string };
}

function dial(): Dialled {
  const socket = connect({ host: HOST, port: ports.tcp[0], allowHalfOpen: true });
  sockets.push(socket);
  const heard = { text: '', ended: '' };
  socket.on('data', chunk => (heard.text += chunk.toString('latin1')));
  socket.on('end', () => (heard.ended = 'end'));
  socket.on('error', error => (heard.ended = (error as NodeJS.ErrnoException).code ?? ''));
  return { socket, heard };
}

/** Says something on a connection and waits until all of it has come back. */
async function speaks({ socket, heard }: Dialled, text: string): Promise<void> {
  const wanted = heard.text + text;
  socket.write(text);
  await until(`the echo of ${text}`, () => heard.text === wanted);
}

const hasRead = async (bytes: number) =>
  until('bytes read by the link', async () => (await client.stats()).bytesThere >= bytes);

describe('streams', () => {
  it.each([
    ['latency', { latencyMs: 60_000 }],
    ['bandwidth', { bytesPerSecond: 1 }],
    ['loss', { probability: 1 }],
    ['partition', {}],
  ])('%s keeps what is sent from arriving, and lets it go at its end', async (name, settings) => {
    const live = dial();
    await speaks(live, 'before');
    const { bytesThere } = await client.stats();
    const { id } = await fault(name, settings);
    live.socket.end('meanwhile');
    const fresh = dial();
    fresh.socket.write('as well');
    await hasRead(bytesThere + 16);
    expect([live.heard, fresh.heard]).toEqual([
      { text: 'before', ended: '' },
      { text: '', ended: '' },
    ]);
    expect(await client.clear(id)).toEqual({ cleared: 1 });
    await until('what was under way', () => live.heard.text === 'beforemeanwhile' && live.heard.ended === 'end');
    await until('the new connection', () => fresh.heard.text === 'as well');
  });

  it('one way leaves the other as it is', async () => {
    const live = dial();
    await fault('partition', {}, { from: 'far', to: 'near' });
    const { bytesBack } = await client.stats();
    live.socket.write('echoed and held');
    await until('an echo on its way back', async () => (await client.stats()).bytesBack === bytesBack + 15);
    expect(live.heard.text).toBe('');
    await client.clear();
    await until('the echo', () => live.heard.text === 'echoed and held');
  });

  it('black-hole swallows, keeps connections open, and breaks those that lost something at its end', async () => {
    const [lost, idle] = [dial(), dial()];
    await speaks(lost, 'before');
    await speaks(idle, 'before');
    const { bytesThere } = await client.stats();
    await fault('black-hole');
    lost.socket.write('gone');
    await hasRead(bytesThere + 4);
    expect([lost.heard, idle.heard]).toEqual(Array(2).fill({ text: 'before', ended: '' }));
    await client.clear();
    await until('a reset', () => lost.heard.ended === 'ECONNRESET');
    await speaks(idle, ' and after');
  });

  it('reset breaks connections that speak', async () => {
    const [speaking, idle] = [dial(), dial()];
    await speaks(speaking, 'before');
    await speaks(idle, 'before');
    await fault('reset');
    speaking.socket.write('x');
    await until('a reset', () => speaking.heard.ended === 'ECONNRESET');
    await client.clear();
    await speaks(idle, ' and after');
  });

  it('slow-close keeps an end back, and nothing else', async () => {
    await fault('slow-close', { closeMs: 60_000 });
    const live = dial();
    await speaks(live, 'all');
    live.socket.end(' of it');
    await until('the last bytes', () => live.heard.text === 'all of it');
    expect(live.heard.ended).toBe('');
    await client.clear();
    await until('the end', () => live.heard.ended === 'end');
  });

  it('corruption changes bytes', async () => {
    const live = dial();
    await speaks(live, 'before');
    await fault('corruption', { probability: 1 });
    live.socket.write('aaaa');
    await until('an echo', () => live.heard.text.length === 10);
    expect(live.heard.text.slice(6)).not.toContain('a');
    await client.clear();
    await speaks(live, 'after');
  });

  it('corruption does not get past TLS', async () => {
    const open = () => {
      const socket = connectTls({ host: HOST, port: ports.tcp[1], ca: trusted, checkServerIdentity: () => undefined });
      sockets.push(socket);
      return socket;
    };
    const live = open();
    await once(live, 'secureConnect');
    await fault('corruption', { probability: 0.01 });
    let text = '';
    let error = '';
    live.on('data', chunk => (text += String(chunk)));
    live.on('error', ({ message }) => (error = message));
    await until('the end of the connection', () => {
      // Where the length of a record was hit, the other end waits for the rest of it.
      if (!live.destroyed) live.write('a'.repeat(10_000));
      return live.destroyed;
    });
    expect([text, error]).toEqual(['', expect.stringMatching(/alert|bad record mac|ECONNRESET|EPIPE/i)]);
    await client.clear();
    const fresh = open();
    fresh.write('whole');
    const [echoed] = await once(fresh, 'data');
    expect(String(echoed)).toBe('whole');
  });

  it('connection-limit refuses more, and takes them at its end', async () => {
    const first = dial();
    await speaks(first, 'first');
    await fault('connection-limit', { connections: 1 });
    const second = dial();
    await until('a refusal', () => second.heard.ended === 'ECONNRESET');
    await speaks(first, ' again');
    await client.clear();
    await speaks(dial(), 'third');
  });

  it('a rule with a duration ends by itself', async () => {
    const live = dial();
    const { id, endsAt } = await fault('partition', {}, { durationMs: 300 });
    expect(endsAt).toBeGreaterThan(Date.now() - 60_000);
    await speaks(live, 'late');
    expect((await client.rules()).map(rule => rule.id)).not.toContain(id);
  });

  it('toxicity is the share of connections hit', async () => {
    await fault('reset', {}, { toxicity: 0.5, seed: 7 });
    const dialled = Array.from({ length: 40 }, dial);
    for (const { socket } of dialled) socket.write('x');
    await until('all of them', () => dialled.every(({ heard }) => heard.text === 'x' || heard.ended === 'ECONNRESET'));
    const broken = dialled.filter(({ heard }) => heard.ended !== '').length;
    expect(broken).toBeGreaterThan(5);
    expect(broken).toBeLessThan(35);
  });
});

describe('datagrams', () => {
  function sender() {
    const socket = createSocket('udp4');
    sockets.push(socket);
    const echoed: string[] = [];
    socket.on('message', bytes => echoed.push(bytes.toString('latin1')));
    const say = async (text: string) => {
      const { datagramsThere } = await client.stats();
      socket.send(text, ports.udp[0], HOST);
      await until('the link to have it', async () => (await client.stats()).datagramsThere > datagramsThere);
    };
    const hears = (text: string) => until(`the echo of ${text}`, () => echoed.includes(text));
    return { echoed, say, hears };
  }

  it.each([
    ['loss', { probability: 1 }],
    ['partition', {}],
    ['black-hole', {}],
    ['reset', {}],
  ])('%s takes them, and those that follow its end pass', async (name, settings) => {
    const { echoed, say, hears } = sender();
    await say('before');
    await hears('before');
    await fault(name, settings);
    await say('meanwhile');
    await client.clear();
    await say('after');
    await hears('after');
    expect(echoed).toEqual(['before', 'after']);
  });

  it.each([
    ['latency', { latencyMs: 60_000 }],
    ['bandwidth', { bytesPerSecond: 1 }],
  ])('%s delays them', async (name, settings) => {
    const { echoed, say, hears } = sender();
    await fault(name, settings);
    await say('under way');
    expect(echoed).toEqual([]);
    await client.clear();
    await hears('under way');
  });

  it('corruption changes them', async () => {
    const { echoed, say } = sender();
    await fault('corruption', { probability: 1 });
    await say('aaaa');
    await until('an echo', () => echoed.length === 1);
    expect(echoed[0]).not.toContain('a');
  });
});
