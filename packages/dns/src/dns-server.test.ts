import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Clock, silentLogger, systemClock } from '@stormglass/base';
import { SimClock, until } from '@stormglass/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type DnsServer, type DnsServerOptions, startDnsServer } from './dns-server.ts';
import { exampleResolver } from './testing/example-zone.ts';
import { queryBytes, type ReadAnswer, readAnswer } from './testing/packets.ts';

const HOST = '127.0.0.1';
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(options: Partial<DnsServerOptions> = {}): Promise<DnsServer> {
  const logger = silentLogger;
  const server = await startDnsServer({
    resolver: exampleResolver(),
    host: HOST,
    port: 0,
    clock: systemClock,
    logger,
    ...options,
  });
  opened.push(() => server.close());
  return server;
}

/** A client over UDP that gathers what comes back. */
async function udpClient(port: number, host = HOST) {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const answers: ReadAnswer[] = [];
  socket.on('message', bytes => answers.push(readAnswer(bytes)));
  const connected = once(socket, 'connect');
  socket.connect(port, host);
  await connected;
  opened.push(() => socket.close());
  return { send: (packet: Buffer) => socket.send(packet), answers };
}

class TcpClient {
  readonly socket: Socket;
  readonly answers: ReadAnswer[] = [];
  closed = false;
  #received = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect({ port, host: HOST, allowHalfOpen: true, noDelay: true });
    this.socket.on('error', () => {});
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('end', () => (this.closed = true));
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      while (this.#received.length >= 2 && this.#received.length >= 2 + this.#received.readUInt16BE(0)) {
        const end = 2 + this.#received.readUInt16BE(0);
        this.answers.push(readAnswer(this.#received.subarray(2, end)));
        this.#received = this.#received.subarray(end);
      }
    });
    opened.push(() => this.socket.destroy());
  }
}

const framed = (packet: Buffer): Buffer =>
  Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet]);
const query = (id: number, name = 'www.example.test') => queryBytes(name, 'A', { id });

/** A clock that runs, and whose timers can be let off at once. */
function steered(): { clock: Clock; sim: SimClock } {
  const sim = new SimClock();
  return { sim, clock: { ...systemClock, after: (ms, fn) => sim.after(ms, fn) } };
}

describe('the sockets of a resolver', () => {
  it('answer over UDP and TCP on one port', async () => {
    const { port } = await start();
    const udp = await udpClient(port);
    udp.send(query(1));
    const tcp = new TcpClient(port);
    tcp.socket.write(framed(query(2)));
    await until('both answers', () => udp.answers.length + tcp.answers.length === 2);
    expect([udp.answers[0]!.id, tcp.answers[0]!.id]).toEqual([1, 2]);
  });

  it('listen on IPv6', async () => {
    const { port } = await start({ host: '::1' });
    const udp = await udpClient(port, '::1');
    udp.send(query(1));
    await until('the answer', () => udp.answers.length === 1);
  });

  it('say when the port is taken, and leave nothing open', async () => {
    const { port, close } = await start();
    await expect(start({ port })).rejects.toThrow('EADDRINUSE');
    await close();
    const udpOnly = createSocket('udp4');
    opened.push(() => udpOnly.close());
    const listening = once(udpOnly, 'listening');
    udpOnly.bind(port, HOST);
    await listening;
    await expect(start({ port })).rejects.toThrow('EADDRINUSE');
    const probe = connect({ port, host: HOST });
    await expect(once(probe, 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('close with all connections, and may be closed twice', async () => {
    const server = await start();
    const tcp = new TcpClient(server.port);
    tcp.socket.write(framed(query(1)));
    await until('the answer', () => tcp.answers.length === 1);
    await Promise.all([server.close(), server.close()]);
    await until('the end', () => tcp.closed);
  });

  it('limit answers over UDP and send real clients to TCP', async () => {
    const { port } = await start({ clock: new SimClock(), limits: { answersPerSecond: 5 } });
    const udp = await udpClient(port);
    for (let id = 1; id <= 9; id++) udp.send(query(id));
    await until('five answers and two refusals', () => udp.answers.length === 7);
    expect(udp.answers.filter(({ packet }) => packet.flag_tc)).toHaveLength(2);
    const tcp = new TcpClient(port);
    tcp.socket.write(framed(query(10)));
    await until('the answer', () => tcp.answers.length === 1);
    expect(tcp.answers[0]!.packet.flag_tc).toBe(false);
  });
});

describe('a TCP connection', () => {
  it('takes queries in any pieces, and many in one', async () => {
    const { port } = await start();
    const client = new TcpClient(port);
    for (const byte of framed(query(1))) client.socket.write(Buffer.from([byte]));
    await until('the answer', () => client.answers.length === 1);
    client.socket.write(Buffer.concat(Array.from({ length: 500 }, (_, at) => framed(query(at)))));
    await until('all answers', () => client.answers.length === 501);
    expect(client.answers.slice(1).map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });

  it('is answered when the client has ended its side', async () => {
    const { port } = await start();
    const client = new TcpClient(port);
    client.socket.end(Buffer.concat([framed(query(1)), framed(query(2))]));
    await until('the end', () => client.closed);
    expect(client.answers.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('survives frames that are no queries, and not one that is too long', async () => {
    const { port } = await start();
    const client = new TcpClient(port);
    client.socket.write(Buffer.concat([Buffer.from([0, 0]), framed(Buffer.alloc(5)), framed(query(1))]));
    await until('the answer', () => client.answers.length === 1);
    client.socket.write(Buffer.from([0x10, 0x01]));
    await until('the end', () => client.closed);
  });

  it('is closed when it brings no whole query for a while', async () => {
    const { clock, sim } = steered();
    const { port } = await start({ clock, limits: { idleMs: 5_000 } });
    const client = new TcpClient(port);
    client.socket.write(framed(query(1)));
    await until('the answer', () => client.answers.length === 1);
    client.socket.write(framed(query(2)).subarray(0, 10));
    await sim.run(sim.monotonic() + 4_999);
    client.socket.write(framed(query(2)).subarray(10));
    await until('the answer', () => client.answers.length === 2);
    client.socket.write(Buffer.from([0]));
    await sim.run(sim.monotonic() + 4_999);
    expect(client.closed).toBe(false);
    await sim.run(sim.monotonic() + 1);
    await until('the end', () => client.closed);
  });

  it('is closed at once when there are too many', async () => {
    const { port } = await start({ limits: { connections: 1 } });
    const first = new TcpClient(port);
    first.socket.write(framed(query(1)));
    await until('the answer', () => first.answers.length === 1);
    const second = new TcpClient(port);
    await until('the end', () => second.closed);
    first.socket.write(framed(query(2)));
    await until('the answer', () => first.answers.length === 2);
  });

  it('of a client that does not read stops being read, until it does', async () => {
    let handled = 0;
    const { port } = await start({ resolver: exampleResolver({ onQuery: () => handled++ }) });
    const client = new TcpClient(port);
    client.socket.pause();
    const many = 5_000;
    client.socket.write(
      Buffer.concat(Array.from({ length: many }, () => framed(queryBytes('long.example.test', 'TXT')))),
    );
    // 5,000 answers are 22 MB: what is not read fills the sockets and then stops the server.
    await until('the first answers', () => handled > 0);
    let before = -1;
    await until('a standstill', () => before === (before = handled));
    expect(handled).toBeLessThan(many);
    client.socket.resume();
    await until('all answers', () => client.answers.length === many, 60_000);
  });
});
