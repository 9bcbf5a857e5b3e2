/**
 * The resolver against `dig` and `dnsperf`, and against 200,000 damaged packets on real sockets. Everything that is asked
 * here stands in the example zone of `packages/dns`.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pick, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { type DnsServer, startDnsServer } from '@stormglass/dns';
import { exampleResolver, mutated, queryBytes, readAnswer, validQueries } from '@stormglass/dns/testing';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runClient } from './clients/client-process.ts';

const HOST = '127.0.0.1';
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const PACKETS = 100_000;
/** Packets between two good queries whose answers are waited for: what bounds the rate. */
const BATCH = 200;
const PING = 0xffff;

let server: DnsServer;
/** A resolver that knows nothing but `server`. */
let forwarder: DnsServer;
let complaints: unknown[];
/** The example zone has one record that cannot be written, and says so when it is asked for. */
const logger: Logger = {
  ...silentLogger,
  warn: (message, fields) => fields?.name === 'broken.example.test' || complaints.push(message, fields),
  error: (message, fields) => complaints.push(message, fields),
};

const start = (options: Parameters<typeof exampleResolver>[0]) =>
  startDnsServer({
    resolver: exampleResolver({ logger, ...options }),
    host: HOST,
    port: 0,
    clock: systemClock,
    logger,
  });

beforeAll(async () => {
  complaints = [];
  server = await start({});
  forwarder = await start({ authorities: [], upstream: { address: HOST, port: server.port } });
});
beforeEach(() => {
  complaints = [];
});
afterAll(() => Promise.all([server?.close(), forwarder?.close()]));

interface Dug {
  readonly status: string;
  readonly flags: string;
  /** Lines of the answer, with one blank between fields. */
  readonly answer: readonly string[];
  readonly authority: readonly string[];
  readonly question: string;
  readonly text: string;
}

async function dig(args: string, { port }: DnsServer = server): Promise<Dug> {
  const { code, stdout, stderr } = await runClient(
    'dig',
    [
      `@${HOST}`,
      '-p',
      String(port),
      '+tries=1',
      '+time=10',
      '+noall',
      '+comments',
      '+question',
      '+answer',
      '+authority',
    ].concat(args.split(' ')),
    { PATH: process.env.PATH ?? '' },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const section = (name: string) =>
    (new RegExp(`;; ${name} SECTION:\n((?:.+\n)*)`).exec(stdout)?.[1] ?? '')
      .split('\n')
      .filter(Boolean)
      .map(line => line.replace(/\s+/g, ' '));
  return {
    status: /status: (\w+)/.exec(stdout)?.[1] ?? 'none',
    flags: /flags: ([a-z ]*);/.exec(stdout)?.[1] ?? 'none',
    answer: section('ANSWER'),
    authority: section('AUTHORITY'),
    question: section('QUESTION')[0] ?? '',
    text: stdout,
  };
}

const SOA = 'example.test. 60 IN SOA ns.example.test. hostmaster.example.test. 7 7200 900 1209600 60';

describe('dig', () => {
  it('gets records over UDP and TCP, with and without EDNS', async () => {
    const answer = ['www.example.test. 300 IN A 192.0.2.1', 'www.example.test. 300 IN A 192.0.2.2'];
    for (const option of ['+notcp', '+tcp', '+noedns', '+dnssec', '+norecurse', '+nocookie +padding=128', '+cdflag']) {
      expect(await dig(`www.example.test ${option}`), option).toMatchObject({ status: 'NOERROR', answer });
    }
    expect((await dig('www.example.test +norecurse')).flags).toBe('qr aa');
    expect((await dig('www.example.test +cdflag')).flags).toBe('qr aa rd cd');
  });

  it('reads every type', async () => {
    const last = async (args: string) => (await dig(args)).answer.at(-1);
    expect(await last('www.example.test AAAA')).toBe('www.example.test. 300 IN AAAA 2001:db8::1');
    expect(await last('alias-two.example.test A')).toBe('www.example.test. 300 IN A 192.0.2.2');
    expect(await last('example.test NS')).toBe('example.test. 300 IN NS ns.example.test.');
    expect(await last('example.test SOA')).toBe(SOA.replace(' 60 IN', ' 900 IN'));
    expect(await last('medium.example.test TXT')).toBe(`medium.example.test. 300 IN TXT "19${'m'.repeat(30)}"`);
  });

  it('keeps its letters', async () => {
    const { question, answer } = await dig('wWw.eXAMPLE.tesT AAAA');
    expect(question).toBe(';wWw.eXAMPLE.tesT. IN AAAA');
    expect(answer).toEqual(['wWw.eXAMPLE.tesT. 300 IN AAAA 2001:db8::1']);
  });

  it('comes back over TCP for what does not fit', async () => {
    const cut = await dig('long.example.test TXT +bufsize=512 +ignore');
    expect(cut.flags).toBe('qr aa tc rd');
    expect(cut.answer.length).toBeLessThan(60);
    const whole = await dig('long.example.test TXT +bufsize=512');
    expect(whole.text).toContain('Truncated, retrying in TCP mode');
    expect(whole.answer).toHaveLength(60);
    expect((await dig('medium.example.test TXT +noedns +ignore')).flags).toBe('qr aa tc rd');
    expect((await dig('medium.example.test TXT +bufsize=4096 +ignore')).answer).toHaveLength(20);
  });

  it('is told what does not exist', async () => {
    expect(await dig('nothing.example.test')).toMatchObject({ status: 'NXDOMAIN', answer: [], authority: [SOA] });
    expect(await dig('www.example.test MX')).toMatchObject({ status: 'NOERROR', answer: [], authority: [SOA] });
    expect(await dig('www.example.test TYPE65280')).toMatchObject({ status: 'NOERROR', authority: [SOA] });
    expect(await dig('a.child.example.test')).toMatchObject({
      status: 'NOERROR',
      flags: 'qr rd',
      authority: ['child.example.test. 300 IN NS ns.child.example.test.'],
    });
  });

  it.each([
    ['www.elsewhere.test', 'REFUSED'],
    ['. NS', 'REFUSED'],
    ['version.bind TXT CH', 'REFUSED'],
    ['www.example.test +opcode=NOTIFY', 'NOTIMP'],
    ['www.example.test +opcode=UPDATE', 'NOTIMP'],
    ['www.example.test +edns=1 +noednsnegotiation', 'BADVERS'],
    ['broken.example.test TXT', 'SERVFAIL'],
  ])('%s is answered with %s', async (args, status) => {
    expect(await dig(args)).toMatchObject({ status, answer: [] });
  });

  it('tries EDNS of the future and is brought back to version 0', async () => {
    expect((await dig('www.example.test +edns=1')).answer).toHaveLength(2);
  });

  it('gets no zone transfer, and one record for ANY', async () => {
    for (const type of ['AXFR', 'IXFR=1'])
      expect((await dig(`example.test ${type}`)).text).toContain('Transfer failed');
    expect((await dig('www.example.test ANY')).answer).toEqual(['www.example.test. 3600 IN HINFO "RFC8482" ""']);
    expect((await dig('www.example.test ANY +notcp')).answer).toHaveLength(1);
  });

  it('asks through a resolver that knows nothing itself', async () => {
    expect(await dig('alias.example.test', forwarder)).toMatchObject({ status: 'NOERROR', flags: 'qr rd ra' });
    expect((await dig('long.example.test TXT', forwarder)).answer).toHaveLength(60);
    expect(await dig('nothing.example.test', forwarder)).toMatchObject({ status: 'NXDOMAIN', authority: [SOA] });
    expect(await dig('www.example.test +norecurse', forwarder)).toMatchObject({ status: 'REFUSED' });
  });
});

describe('dnsperf', () => {
  it.each(['udp', 'tcp'])('has every query answered over %s', async mode => {
    const folder = await mkdtemp(join(tmpdir(), 'sgdns.'));
    try {
      const names = ['www', 'alias-two', 'nothing', 'a.child', 'empty'];
      const file = join(folder, 'queries');
      await writeFile(file, names.map(name => `${name}.example.test A\n`).join(''));
      const args = ['-s', HOST, '-p', String(server.port), '-m', mode, '-d', file, '-n', '2000', '-c', '4', '-q', '64'];
      const { code, stdout, stderr } = await runClient('dnsperf', args, { PATH: process.env.PATH ?? '' });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/Queries completed: +10000 \(100\.00%\)/);
      expect(stdout).toMatch(/Response codes: +NOERROR 8000 \(80\.00%\), NXDOMAIN 2000 \(20\.00%\)/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe(`damaged packets (seed ${SEED})`, () => {
  const valid = validQueries();
  const ping = queryBytes('www.example.test', 'A', { id: PING });
  const framed = (packet: Buffer) => Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet]);

  it(`${PACKETS} over UDP: every answer is a packet, and the server goes on`, async () => {
    const random = seededRandom(SEED);
    const socket = createSocket('udp4');
    let answers = 0;
    let pinged = false;
    let wrong: unknown;
    socket.on('message', bytes => {
      answers++;
      try {
        pinged ||= readAnswer(bytes).id === PING;
      } catch (error) {
        wrong ??= `${String(error)}: ${bytes.toString('hex')}`;
      }
    });
    socket.connect(server.port, HOST);
    await once(socket, 'connect');
    for (let sent = 0; sent < PACKETS; sent += BATCH) {
      for (let at = 0; at < BATCH; at++) socket.send(mutated(pick(random, valid), random));
      pinged = false;
      // The network may lose any of them, so the ping is sent until it is answered.
      await until(`an answer after ${sent} packets`, () => {
        if (!pinged) socket.send(ping);
        return new Promise<boolean>(resolve => setImmediate(() => resolve(pinged)));
      });
    }
    socket.close();
    expect(wrong).toBeUndefined();
    expect(answers).toBeGreaterThan(PACKETS / 4);
    expect(complaints).toEqual([]);
    expect((await dig('www.example.test')).answer).toHaveLength(2);
  });

  it(`${PACKETS} over TCP, in frames and without: every answer is a packet, and the server goes on`, async () => {
    const random = seededRandom(SEED + 1);
    let answers = 0;
    for (let sent = 0; sent < PACKETS; sent += 10 * BATCH) answers += await overOneConnection(sent, 10);
    expect(answers).toBeGreaterThan(PACKETS / 2);

    // Bytes without frames: lengths are what chance makes of them, and connections end anyhow.
    for (let round = 0; round < 1_000; round++) {
      const socket = connect({ port: server.port, host: HOST });
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.resume().write(Buffer.concat([random.bytes(1 + (round % 3)), mutated(pick(random, valid), random)]));
      if (round % 2 === 0) socket.destroy();
      else socket.end();
      await once(socket, 'close');
    }
    expect(complaints).toEqual([]);
    expect((await dig('www.example.test +tcp')).answer).toHaveLength(2);

    async function overOneConnection(from: number, batches: number): Promise<number> {
      const socket = connect({ port: server.port, host: HOST, noDelay: true });
      let received: Buffer = Buffer.alloc(0);
      let pings = 0;
      let count = 0;
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
          const end = 2 + received.readUInt16BE(0);
          if (readAnswer(received.subarray(2, end)).id === PING) pings++;
          count++;
          received = received.subarray(end);
        }
      });
      await once(socket, 'connect');
      for (let batch = 1; batch <= batches; batch++) {
        const packets = Array.from({ length: BATCH }, () => framed(mutated(pick(random, valid), random)));
        socket.write(Buffer.concat([...packets, framed(ping)]));
        await until(`the answer of batch ${batch} after ${from} packets`, () => pings >= batch);
      }
      socket.destroy();
      return count;
    }
  });
});
