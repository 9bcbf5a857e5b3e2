/** A link on real sockets: what it carries, what it refuses, and what each side hears of the other. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { silentLogger, systemClock } from '@stormglass/base';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Link, type LinkOptions } from './link.ts';

const HOST = '127.0.0.1';

let rules: LinkRules;
let server: Server;
/** Connections that the target has. */
let accepted: Socket[];
let link: Link;
const clients: Socket[] = [];

const portOf = (listener: Server) => (listener.address() as AddressInfo).port;

async function start(options: Partial<LinkOptions> = {}): Promise<void> {
  const target = portOf(server);
  link = await Link.start({
    ...{ from: 'a', choose: port => ({ to: 'b', host: HOST, port }), tcp: [{ listen: 0, target }], udp: [] },
    ...{ rules, clock: systemClock, logger: silentLogger, ...options },
  });
}

beforeEach(async () => {
  rules = new LinkRules();
  accepted = [];
  server = createServer({ allowHalfOpen: true }, socket => void accepted.push(socket.on('error', () => {})));
  server.listen(0, HOST);
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of [...clients.splice(0), ...accepted]) socket.destroy();
  link.close();
  server.close();
});

const fault = (name: string, settings = {}, more = {}) =>
  rules.add(parseLinkRule(name, { fault: name, from: 'a', to: 'b', settings, ...more }, ['a', 'b']));

/** A client, and what it hears. */
async function client(port = link.tcpPorts[0]!) {
  const socket = connect({ host: HOST, port, allowHalfOpen: true });
  clients.push(socket);
  const heard = listen(socket);
  // Word of a refusal may come as early as that of the connection.
  await once(socket, 'connect').catch(() => {});
  return { socket, heard };
}

/** What comes, and how it ended: with the code of an error, or `end`. */
function listen(socket: Socket): { text: string; ended: string } {
  const heard = { text: '', ended: '' };
  socket.on('data', chunk => (heard.text += String(chunk)));
  socket.on('end', () => (heard.ended = 'end'));
  socket.on('error', error => (heard.ended = (error as NodeJS.ErrnoException).code ?? error.message));
  return heard;
}

const other = (count = 1) => until('the other side', () => accepted[count - 1]);

describe('TCP', () => {
  it('carries both ways, counts, and forgets', async () => {
    await start();
    const { socket, heard } = await client();
    socket.write('there');
    const far = await other();
    const heardThere = listen(far);
    await until('bytes', () => heardThere.text === 'there');
    far.end('and back');
    await until('bytes', () => heard.text === 'and back' && heard.ended === 'end');
    expect(link.stats()).toMatchObject({ connections: 1, open: 1, bytesThere: 5, bytesBack: 8 });
    socket.end('late');
    await until('the half that was left', () => heardThere.text === 'therelate' && heardThere.ended === 'end');
    await until('the end', () => link.stats().open === 0);
  });

  it('carries more than fits on the way, to a reader that takes its time', async () => {
    fault('latency', { latencyMs: 1 });
    await start();
    // More than the buffers of the system take; in a pattern that no chunk repeats.
    const pattern = Buffer.from(Array.from({ length: 1009 }, (_, i) => (i * i) & 255));
    const bytes = Buffer.alloc(64 * 1024 * 1024, pattern);
    const { socket } = await client();
    socket.end(bytes);
    const far = await other();
    let read = 0;
    await until('a link that reads no more', () => {
      const before = read;
      read = link.stats().bytesThere;
      return read > 0 && read === before;
    });
    expect(read).toBeLessThan(bytes.length);
    const chunks: Buffer[] = [];
    far.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(far, 'end');
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it('resets a client whose target refuses, and goes on', async () => {
    const nobody = createServer().listen(0, HOST);
    await once(nobody, 'listening');
    const target = portOf(nobody);
    nobody.close();
    await start({ tcp: [{ listen: 0, target }] });
    const { heard } = await client();
    await until('a reset', () => heard.ended === 'ECONNRESET');
    await until('the end', () => link.stats().open === 0);
  });

  it('resets a client whose target has no address', async () => {
    await start({ choose: port => ({ to: 'b', host: 'nowhere.invalid', port }) });
    const { heard } = await client();
    await until('a reset', () => heard.ended === 'ECONNRESET');
  });

  it.each([true, false])('passes a reset on, from the client (%s)', async byClient => {
    await start();
    const { socket, heard } = await client();
    const far = await other();
    const heardThere = listen(far);
    (byClient ? socket : far).resetAndDestroy();
    await until('a reset', () => (byClient ? heardThere : heard).ended === 'ECONNRESET');
    await until('the end', () => link.stats().open === 0);
  });

  it('turns connections away that are too many, or have nowhere to go', async () => {
    await start({ connectionsMax: 1 });
    await client();
    const { heard } = await client();
    await until('a reset', () => heard.ended === 'ECONNRESET');
    expect(link.stats()).toMatchObject({ open: 1, refused: 1 });
    link.close();
    await start({ choose: () => undefined });
    const second = await client();
    await until('a reset', () => second.heard.ended === 'ECONNRESET');
  });

  it('asks for each connection where it goes, and breaks those to one place', async () => {
    let to = 'b';
    await start({ choose: port => ({ to, host: HOST, port }) });
    const first = await client();
    await until('the first', () => link.openTo('b') === 1);
    to = 'c';
    const second = await client();
    await until('the second', () => link.openTo('c') === 1);
    link.breakAll('c');
    await until('a reset', () => second.heard.ended === 'ECONNRESET');
    expect([link.openTo('b'), link.openTo('c'), first.heard.ended]).toEqual([1, 0, '']);
  });
});

describe('faults on TCP', () => {
  it('a partition holds connections back, new ones as well, until it ends', async () => {
    await start();
    const old = await client();
    const far = await other();
    const heardThere = listen(far);
    fault('partition');
    old.socket.end('from the old');
    const fresh = await client();
    fresh.socket.write('from the new');
    await until('bytes read', () => link.stats().bytesThere === 24);
    expect([accepted.length, heardThere]).toEqual([1, { text: '', ended: '' }]);
    rules.remove('partition');
    await until('what was held', () => heardThere.text === 'from the old' && heardThere.ended === 'end');
    const heardAnew = listen(await other(2));
    await until('the new one', () => heardAnew.text === 'from the new');
  });

  it('a black hole takes connections and lets nothing through; when it ends, what lost something breaks', async () => {
    await start();
    fault('black-hole');
    const { socket, heard } = await client();
    socket.write('gone');
    await until('bytes read', () => link.stats().bytesThere === 4);
    expect([accepted.length, heard]).toEqual([0, { text: '', ended: '' }]);
    rules.remove('black-hole');
    await until('a reset', () => heard.ended === 'ECONNRESET');
    const fresh = await client();
    fresh.socket.write('here');
    const heardThere = listen(await other());
    await until('bytes', () => heardThere.text === 'here');
  });

  it('a reset ends a connection on both sides when something is sent', async () => {
    await start();
    const { socket, heard } = await client();
    const heardThere = listen(await other());
    fault('reset');
    socket.write('x');
    await until('two resets', () => heard.ended === 'ECONNRESET' && heardThere.ended === 'ECONNRESET');
    expect(link.stats().open).toBe(0);
  });

  it('a slow close keeps the end back', async () => {
    await start();
    fault('slow-close', { closeMs: 60_000 }, { oneWay: true });
    const { socket } = await client();
    const far = await other();
    const heardThere = listen(far);
    socket.end('all');
    await until('bytes', () => heardThere.text === 'all');
    far.write('still here');
    await once(socket, 'data');
    expect(heardThere.ended).toBe('');
    rules.remove('slow-close');
    await until('the end', () => heardThere.ended === 'end');
  });

  it('corruption changes bytes, and neither their number nor those of the other way', async () => {
    await start();
    fault('corruption', { probability: 1 }, { oneWay: true });
    const { socket, heard } = await client();
    const far = await other();
    const chunks: Buffer[] = [];
    far.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(Buffer.alloc(1000, 'a'));
    await until('bytes', () => Buffer.concat(chunks).length === 1000);
    expect(Buffer.concat(chunks).includes('a')).toBe(false);
    far.write('whole');
    await until('bytes', () => heard.text === 'whole');
  });

  it('a connection limit refuses more, and lets the next in when one has gone', async () => {
    await start();
    fault('connection-limit', { connections: 1 });
    const first = await client();
    await other();
    const second = await client();
    await until('a reset', () => second.heard.ended === 'ECONNRESET');
    expect(accepted).toHaveLength(1);
    first.socket.resetAndDestroy();
    await until('the end', () => link.stats().open === 0);
    await client();
    await other(2);
  });
});

it('makes room at the expense of those that were never opened', async () => {
  await start({ connectionsMax: 2 });
  const known = await client();
  await other();
  fault('partition');
  const [given, late] = [await client(), await client()];
  await until('a reset', () => given.heard.ended === 'ECONNRESET');
  rules.remove('partition');
  late.socket.write('late');
  const heardThere = listen(await other(2));
  await until('bytes', () => heardThere.text === 'late');
  expect([known.heard.ended, late.heard.ended, link.stats().refused]).toEqual(['', '', 0]);
});

describe('UDP', () => {
  let target: UdpSocket;
  let sender: UdpSocket;
  const echoed: string[] = [];
  const received: string[] = [];

  beforeEach(async () => {
    echoed.length = 0;
    received.length = 0;
    target = createSocket('udp4').bind(0, HOST);
    sender = createSocket('udp4');
    await once(target, 'listening');
    target.on('message', (datagram, { port, address }) => {
      received.push(String(datagram));
      target.send(datagram, port, address);
    });
    sender.on('message', datagram => echoed.push(String(datagram)));
    await start({ tcp: [], udp: [{ listen: 0, target: target.address().port }] });
  });
  afterEach(() => {
    target.close();
    sender.close();
  });

  const send = (text: string) => sender.send(text, link.udpPorts[0]!, HOST);
  /** Passes once everything sent before has been read by the link. */
  const read = (count: number) => until('datagrams read', () => link.stats().datagramsThere === count);

  it('carries datagrams and their answers, in a flow for each sender', async () => {
    send('one');
    await until('an answer', () => echoed.includes('one'));
    const second = createSocket('udp4');
    second.send('two', link.udpPorts[0]!, HOST);
    const [answer] = await once(second, 'message');
    second.close();
    expect([String(answer), echoed]).toEqual(['two', ['one']]);
    expect(link.stats()).toMatchObject({ flows: 2, datagramsThere: 2, datagramsBack: 2 });
  });

  it.each(['partition', 'black-hole', 'reset'])('%s drops them, and those that follow its end arrive', async name => {
    send('before');
    await until('an answer', () => echoed.includes('before'));
    fault(name);
    send('meanwhile');
    await read(2);
    rules.remove(name);
    send('after');
    await until('an answer', () => echoed.includes('after'));
    expect(echoed).toEqual(['before', 'after']);
  });

  it('loss takes them one way and not the other', async () => {
    fault('loss', { probability: 1 }, { oneWay: true, from: 'b', to: 'a' });
    send('asked');
    await until('the question', () => received.includes('asked'));
    await until('the answer', () => link.stats().datagramsThere === 1);
    rules.remove('loss');
    send('asked again');
    await until('an answer', () => echoed.length > 0);
    expect([echoed, received]).toEqual([['asked again'], ['asked', 'asked again']]);
  });

  it('corruption flips bits in them', async () => {
    fault('corruption', { probability: 1 }, { oneWay: true });
    send('aaaa');
    await until('a datagram', () => received.length === 1);
    expect(received[0]).not.toContain('a');
  });

  it('a connection limit lets so many senders through', async () => {
    send('first');
    await until('an answer', () => echoed.length === 1);
    fault('connection-limit', { connections: 1 });
    const second = createSocket('udp4');
    second.send('refused', link.udpPorts[0]!, HOST);
    await read(2);
    send('again');
    await until('an answer', () => echoed.length === 2);
    second.close();
    expect(received).toEqual(['first', 'again']);
  });
});

it('a port that is taken is said at the start, and nothing is left', async () => {
  await start();
  const taken = { listen: link.tcpPorts[0]!, target: 1 };
  const free = { listen: 0, target: 1 };
  const choose = () => undefined;
  const options = { from: 'a', choose, udp: [free], rules, clock: systemClock, logger: silentLogger };
  await expect(Link.start({ ...options, tcp: [free, taken] })).rejects.toThrow('EADDRINUSE');
});

it('a target of datagrams that has no address costs them and nothing else', async () => {
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const choose = (port: number) => ({ to: 'b', host: 'nowhere.invalid', port });
  await start({ choose, tcp: [], udp: [{ listen: 0, target: 9 }], logger });
  const sender = createSocket('udp4');
  sender.send('x', link.udpPorts[0]!, HOST);
  await until('a warning', () => warnings.length === 1);
  sender.close();
  expect([warnings, link.stats().flows]).toEqual([['the target of datagrams cannot be reached'], 0]);
});
