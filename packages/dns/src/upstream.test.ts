import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { seededRandom, systemClock } from '@stormglass/base';
import { SimClock, until } from '@stormglass/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startDnsServer } from './dns-server.ts';
import type { Resolver } from './resolver.ts';
import { exampleResolver } from './testing/example-zone.ts';
import { queryBytes, readAnswer } from './testing/packets.ts';

const HOST = '127.0.0.1';
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger };

/** The example zone on sockets, as somebody's upstream. */
async function exampleServer(): Promise<number> {
  const server = await startDnsServer({ resolver: exampleResolver(), host: HOST, port: 0, clock: systemClock, logger });
  opened.push(() => server.close());
  return server.port;
}

/** An upstream over UDP that answers what `reply` says; and nothing over TCP. */
async function scripted(reply: (query: Buffer) => readonly Buffer[]): Promise<{ port: number; seen: Buffer[] }> {
  const socket: Socket = createSocket('udp4');
  const seen: Buffer[] = [];
  socket.on('message', (query, from) => {
    seen.push(query);
    for (const answer of reply(query)) socket.send(answer, from.port, from.address);
  });
  const listening = once(socket, 'listening');
  socket.bind(0, HOST);
  await listening;
  opened.push(() => socket.close());
  return { port: socket.address().port, seen };
}

/** A resolver that knows nothing itself. */
const forwarder = (port: number, options: Parameters<typeof exampleResolver>[0] = {}) =>
  exampleResolver({ authorities: [], upstream: { address: HOST, port }, random: seededRandom(5), ...options });

async function ask(resolver: Resolver, packet: Buffer, transport: 'udp' | 'tcp' = 'udp') {
  const answer = await resolver.handle(packet, { address: HOST, transport });
  return readAnswer(answer!);
}

const asAnswer = (query: Buffer, flags = 0x8180) => {
  const answer = Buffer.from(query);
  answer.writeUInt16BE(flags, 2);
  return answer;
};

describe('names that nobody here knows', () => {
  it('are asked upstream, under the id and in the letters of the client', async () => {
    const resolver = forwarder(await exampleServer());
    const answer = await ask(resolver, queryBytes('wWw.eXample.test', 'A', { id: 99 }));
    expect(answer).toMatchObject({ id: 99, rcode: 0, packet: { flag_aa: false, flag_ra: true, flag_rd: true } });
    expect(answer.answers).toEqual(['wWw.eXample.test A 192.0.2.1', 'wWw.eXample.test A 192.0.2.2']);
    expect(answer.edns).toBeUndefined();
    expect((await ask(resolver, queryBytes('nothing.example.test', 'A'))).rcode).toBe(3);
    expect((await ask(resolver, queryBytes('a.unknown.test', 'A'))).rcode).toBe(5);
  });

  it('are not, unless the client desires recursion', async () => {
    const { port, seen } = await scripted(() => []);
    expect((await ask(forwarder(port), queryBytes('www.example.test', 'A', { flags: 0 }))).rcode).toBe(5);
    expect(seen).toEqual([]);
  });

  it('have their own EDNS on each side', async () => {
    const query = queryBytes('www.example.test', 'A', { edns: { size: 600, dnssecOk: true } });
    const answer = await ask(forwarder(await exampleServer()), query);
    expect(answer.edns).toEqual({ size: 1232, version: 0, dnssecOk: true });
  });

  it('are fetched over TCP when the answer is long, and cut for a client over UDP', async () => {
    const resolver = forwarder(await exampleServer());
    const query = queryBytes('long.example.test', 'TXT', { edns: {} });
    expect((await ask(resolver, query, 'tcp')).answers).toHaveLength(60);
    const cut = await ask(resolver, query);
    expect(cut).toMatchObject({ answers: [], packet: { flag_tc: true } });
    expect(cut.edns?.size).toBe(1232);
  });

  it('may be many on one TCP connection', async () => {
    const resolver = forwarder(await exampleServer());
    const server = await startDnsServer({ resolver, host: HOST, port: 0, clock: systemClock, logger });
    opened.push(() => server.close());
    const socket = connect({ port: server.port, host: HOST });
    opened.push(() => socket.destroy());
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    const query = queryBytes('www.example.test', 'AAAA');
    const frame = Buffer.concat([Buffer.from([0, query.length]), query]);
    socket.end(Buffer.concat(Array<Buffer>(200).fill(frame)));
    await once(socket, 'end');
    const answer = await ask(resolver, query);
    expect(bytes).toBe(200 * (2 + answer.sizeBytes));
  });

  it('continue an alias of an authority', async () => {
    const port = await exampleServer();
    const authorities = [
      {
        apexOf: (name: string) => (name === 'here.test' ? name : undefined),
        lookup: (_: string, name: string) => ({
          kind: 'answer' as const,
          records: [{ name, type: 'CNAME', ttl: 9, data: 'alias.example.test' }],
        }),
        soa: () => ({ name: 'here.test', type: 'SOA', ttl: 1, data: {} }),
      },
    ];
    const resolver = forwarder(port, { authorities });
    const answer = await ask(resolver, queryBytes('here.test', 'AAAA'));
    expect(answer.answers).toEqual([
      'here.test CNAME alias.example.test',
      'alias.example.test CNAME www.example.test',
      'www.example.test AAAA 2001:db8::1',
    ]);
    expect((await resolver.resolve('here.test', 'AAAA')).map(({ data }) => data).at(-1)).toBe('2001:db8::1');
    const noData = await ask(resolver, queryBytes('here.test', 'MX'));
    expect(noData.authorities[0]).toMatch(/^example\.test SOA/);
  });
});

describe('an upstream that cannot be trusted', () => {
  it('is passed over until the answer fits id, question and letters', async () => {
    const { port, seen } = await scripted(query => {
      const otherId = asAnswer(query);
      otherId[0]! ^= 1;
      const otherName = asAnswer(query);
      otherName[13]! ^= 3;
      const notAnAnswer = Buffer.from(query);
      return [otherId, otherName, notAnAnswer, Buffer.alloc(3), asAnswer(query).subarray(0, 20), asAnswer(query)];
    });
    const answer = await ask(forwarder(port), queryBytes('some.longer.name.example', 'A'));
    expect(answer).toMatchObject({ id: 4711, rcode: 0 });
    // Letters were drawn at random; the client gets its own.
    const [query] = seen;
    expect(query!.toString('latin1', 12)).not.toBe(queryBytes('some.longer.name.example', 'A').toString('latin1', 12));
    expect(answer.packet.questions?.[0]?.name).toBe('some.longer.name.example');
  });

  it('is asked over TCP when it changes the letters', async () => {
    const seen: string[] = [];
    const tcp: Server = createServer(socket => {
      socket.on('data', (frame: Buffer) => {
        seen.push('tcp');
        const answer = asAnswer(frame.subarray(2));
        socket.write(frame.subarray(0, 1));
        socket.write(frame.subarray(1, 2));
        socket.write(answer);
      });
    });
    const { port } = await scripted(query => {
      seen.push('udp');
      return [
        Buffer.from(asAnswer(query).map((byte, at) => (at > 12 && byte >= 0x41 && byte <= 0x5a ? byte | 32 : byte))),
      ];
    });
    tcp.listen(port, HOST);
    await once(tcp, 'listening');
    opened.push(() => tcp.close());
    expect((await ask(forwarder(port), queryBytes('a.longer.name.for.letters.example', 'A'))).rcode).toBe(0);
    expect(seen).toEqual(['udp', 'tcp']);
  });

  it('that says nothing is a SERVFAIL after two attempts', async () => {
    const clock = new SimClock();
    const { port, seen } = await scripted(() => []);
    const answer = ask(forwarder(port, { clock }), queryBytes('a.example', 'A'));
    await until('the first attempt', () => seen.length === 1);
    await clock.run(clock.monotonic() + 1_500);
    await until('the second attempt', () => seen.length === 2);
    await clock.run(clock.monotonic() + 1_500);
    expect((await answer).rcode).toBe(2);
    expect(seen[0]!.subarray(0, 2)).not.toEqual(seen[1]!.subarray(0, 2));
  });

  it('that is not there is a SERVFAIL at once', async () => {
    const { port } = await scripted(() => []);
    await opened.pop()!();
    expect((await ask(forwarder(port, { clock: new SimClock() }), queryBytes('a.example', 'A'))).rcode).toBe(2);
  });

  it('is not asked more than 256 questions at a time', async () => {
    const clock = new SimClock();
    const { port, seen } = await scripted(() => []);
    const resolver = forwarder(port, { clock });
    const waiting = Array.from({ length: 256 }, () => ask(resolver, queryBytes('a.example', 'A')));
    expect((await ask(resolver, queryBytes('a.example', 'A'))).rcode).toBe(2);
    await until('all questions', () => seen.length === 256);
    await clock.run(clock.monotonic() + 1_500);
    await until('all second attempts', () => seen.length === 512);
    await clock.run(clock.monotonic() + 1_500);
    expect(new Set((await Promise.all(waiting)).map(({ rcode }) => rcode))).toEqual(new Set([2]));
  });
});
