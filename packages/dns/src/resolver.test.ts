import type { Logger } from '@stormglass/base';
import { silentLogger } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import { describe, expect, it } from 'vitest';
import type { Asked, Authority } from './authority.ts';
import { comeOverTcp, type QueryReport, type QueryTrouble, type Resolver } from './resolver.ts';
import { EXAMPLE_RECORDS, exampleAuthority, exampleResolver, SOA } from './testing/example-zone.ts';
import { type QueryShape, queryBytes, type ReadAnswer, readAnswer } from './testing/packets.ts';

const NOERROR = 0;
const FORMERR = 1;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const NOTIMP = 4;
const REFUSED = 5;
const BADVERS = 16;

const CLIENT = '127.0.0.1';

function answerTo(
  packet: Buffer,
  transport: 'udp' | 'tcp' = 'udp',
  resolver: Resolver = exampleResolver(),
): ReadAnswer {
  const answer = resolver.handle(packet, { address: CLIENT, transport });
  if (!(answer instanceof Buffer)) throw new Error(`no answer: ${String(answer)}`);
  return readAnswer(answer);
}

const ask = (name: string, type: string | number = 'A', shape: QueryShape = {}) =>
  answerTo(queryBytes(name, type, shape));

describe('answers', () => {
  it('with all records, as an authority', () => {
    const { id, rcode, packet, answers } = ask('www.example.test');
    expect({ id, rcode, answers }).toEqual({
      id: 4711,
      rcode: NOERROR,
      answers: ['www.example.test A 192.0.2.1', 'www.example.test A 192.0.2.2'],
    });
    expect(packet).toMatchObject({ flag_qr: true, flag_aa: true, flag_tc: false, flag_rd: true, flag_ra: false });
    expect(packet.answers?.[0]).toMatchObject({ ttl: 300, class: 'IN' });
  });

  it('in the letter case of the question', () => {
    const { packet, answers } = ask('wWw.ExAmple.TEST', 'AAAA');
    expect(packet.questions?.[0]?.name).toBe('wWw.ExAmple.TEST');
    expect(answers).toEqual(['wWw.ExAmple.TEST AAAA 2001:db8::1']);
  });

  it('with RD and CD as the client set them, and nothing else', () => {
    const flags = (bits: number) => ask('www.example.test', 'A', { flags: bits }).packet.flags;
    expect(flags(0)).toBe(0x0400);
    expect(flags(0x0110)).toBe(0x0510);
    // TC, RA, Z and AD of a query mean nothing.
    expect(flags(0x02e0)).toBe(0x0400);
  });

  it('follow aliases, also from zone to zone', () => {
    expect(ask('alias-two.example.test', 'AAAA').answers).toEqual([
      'alias-two.example.test CNAME alias.example.test',
      'alias.example.test CNAME www.example.test',
      'www.example.test AAAA 2001:db8::1',
    ]);
    expect(ask('to-other.example.test').answers.at(-1)).toBe('host.other.test A 198.51.100.1');
    expect(ask('alias.example.test', 'CNAME').answers).toEqual(['alias.example.test CNAME www.example.test']);
  });

  it('end a chain of aliases where the region ends', () => {
    expect(ask('outside.example.test')).toMatchObject({
      rcode: NOERROR,
      answers: ['outside.example.test CNAME host.elsewhere.test'],
    });
  });

  it('end circles and long chains of aliases with what was found', () => {
    expect(ask('loop-a.example.test')).toMatchObject({
      rcode: NOERROR,
      answers: ['loop-a.example.test CNAME loop-b.example.test', 'loop-b.example.test CNAME loop-a.example.test'],
    });
    expect(ask('chain-0.example.test').answers).toHaveLength(9);
  });

  it('say which names do not exist, with the SOA record and the time to remember it', () => {
    const { rcode, packet, answers } = ask('nothing.example.test');
    expect({ rcode, answers }).toEqual({ rcode: NXDOMAIN, answers: [] });
    expect(packet.authorities).toMatchObject([{ name: 'example.test', type: 'SOA', ttl: 60, data: SOA.data }]);
    const chained = ask('to-nothing.example.test');
    expect(chained).toMatchObject({
      rcode: NXDOMAIN,
      answers: ['to-nothing.example.test CNAME nothing.example.test'],
    });
    expect(chained.authorities).toHaveLength(1);
  });

  it('say which types a name does not have', () => {
    for (const [name, type] of [
      ['www.example.test', 'MX'],
      ['www.example.test', 65280],
      ['empty.example.test', 'A'],
    ] as const) {
      const { rcode, answers, packet } = ask(name, type);
      expect({ rcode, answers }).toEqual({ rcode: NOERROR, answers: [] });
      expect(packet.authorities).toMatchObject([{ type: 'SOA', ttl: 60 }]);
    }
  });

  it('refer to the child zone, not as an authority', () => {
    expect(ask('a.child.example.test')).toMatchObject({
      rcode: NOERROR,
      answers: [],
      authorities: ['child.example.test NS ns.child.example.test'],
      additionals: ['ns.child.example.test A 192.0.2.53'],
      packet: { flag_aa: false },
    });
  });

  it('to ANY are one record set, or a made-up one', () => {
    expect(ask('www.example.test', 'ANY').answers).toEqual(['www.example.test HINFO {"cpu":"RFC8482","os":""}']);
    expect(ask('alias.example.test', 'ANY').answers).toEqual(['alias.example.test CNAME www.example.test']);
    expect(ask('nothing.example.test', 'ANY').rcode).toBe(NXDOMAIN);
  });

  it('have the TTL that is set', () => {
    const resolver = exampleResolver({ ttl: 5 });
    const ttls = (name: string) => {
      const { packet } = answerTo(queryBytes(name, 'A'), 'udp', resolver);
      return [...packet.answers!, ...packet.authorities!].map(each => (each.type === 'OPT' ? -1 : each.ttl));
    };
    expect(ttls('alias.example.test')).toEqual([5, 5, 5]);
    expect(ttls('nothing.example.test')).toEqual([5]);
  });
});

describe('authorities', () => {
  const only = (apex: string, address: string): Authority => ({
    apexOf: name => (name === apex || name.endsWith(`.${apex}`) ? apex : undefined),
    lookup: (_, name) => ({ kind: 'answer', records: [{ name, type: 'A', ttl: 1, data: address }] }),
    soa: () => ({ ...SOA, name: apex }),
  });
  const firstOf = (...authorities: Authority[]) =>
    answerTo(queryBytes('a.b.test', 'A'), 'udp', exampleResolver({ authorities })).answers[0];

  it('are chosen by the closest zone, then by their order', () => {
    expect(firstOf(only('test', '192.0.2.1'), only('b.test', '192.0.2.2'))).toContain('192.0.2.2');
    expect(firstOf(only('b.test', '192.0.2.1'), only('test', '192.0.2.2'))).toContain('192.0.2.1');
    expect(firstOf(only('b.test', '192.0.2.1'), only('b.test', '192.0.2.2'))).toContain('192.0.2.1');
  });

  it('are told who asks and where', () => {
    const seen: Asked[] = [];
    const spy: Authority = {
      ...exampleAuthority,
      apexOf(name, asked) {
        seen.push(asked);
        return exampleAuthority.apexOf(name, asked);
      },
    };
    answerTo(queryBytes('www.example.test', 'A'), 'udp', exampleResolver({ authorities: [spy] }));
    expect(seen).toEqual([{ zone: 'use1-az1', region: 'us-east-1', client: CLIENT }]);
  });

  it('that fail, and records that cannot be written, are a SERVFAIL and one line in the log', () => {
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, fields) => lines.push(fields) };
    const broken = exampleResolver({ logger });
    for (let round = 0; round < 3; round++) {
      expect(answerTo(queryBytes('broken.example.test', 'TXT'), 'udp', broken).rcode).toBe(SERVFAIL);
    }
    expect(lines).toEqual([{ name: 'broken.example.test', error: 'a text of 256 bytes; 255 is the limit' }]);
    const throws: Authority = {
      ...exampleAuthority,
      lookup: () => {
        throw new Error('no');
      },
    };
    const failing = exampleResolver({ authorities: [throws] });
    expect(answerTo(queryBytes('www.example.test', 'A'), 'udp', failing).rcode).toBe(SERVFAIL);
  });
});

describe('what is not answered as a question', () => {
  it.each<[string, QueryShape & { name?: string; type?: string | number }, number]>([
    ['names that nobody here knows', { name: 'www.elsewhere.test' }, REFUSED],
    ['the root', { name: '.', type: 'NS' }, REFUSED],
    ['class CHAOS', { name: 'version.bind', type: 'TXT', class: 3 }, REFUSED],
    ['class ANY', { class: 255 }, REFUSED],
    ['zone transfers', { type: 'AXFR' }, REFUSED],
    ['incremental zone transfers', { type: 'IXFR' }, REFUSED],
    ['key exchange', { type: 'TKEY' }, REFUSED],
    ['OPT as a question', { type: 'OPT' }, FORMERR],
    ['type 0', { type: 0 }, FORMERR],
    ['notifications', { opcode: 4 }, NOTIMP],
    ['updates', { opcode: 5 }, NOTIMP],
    ['opcode 15', { opcode: 15 }, NOTIMP],
    ['EDNS of the future', { edns: { version: 1 } }, BADVERS],
  ])('%s', (_, { name = 'www.example.test', type = 'A', ...shape }, rcode) => {
    const answer = ask(name, type, shape);
    expect(answer).toMatchObject({ rcode, answers: [], authorities: [], packet: { flag_aa: false } });
    expect((answer.packet as { opcode?: string }).opcode).toBe(
      { 4: 'NOTIFY', 5: 'UPDATE', 15: 'OPCODE_15' }[shape.opcode ?? 0] ?? 'QUERY',
    );
  });

  const plain = queryBytes('www.example.test', 'A');
  const withEdns = queryBytes('www.example.test', 'A', { edns: {} });
  const changed = (packet: Buffer, at: number, ...bytes: number[]) => {
    const copy = Buffer.from(packet);
    copy.set(bytes, at);
    return copy;
  };
  const opt = withEdns.subarray(plain.length);

  it.each<[string, Buffer]>([
    ['no question', changed(plain, 4, 0, 0)],
    ['two questions', changed(Buffer.concat([plain, plain.subarray(12)]), 4, 0, 2)],
    ['a question that is not there', plain.subarray(0, 12)],
    ['a question that is cut off', plain.subarray(0, plain.length - 1)],
    ['a pointer for a name', changed(plain, 12, 0xc0, 0x0c)],
    ['a label of 64 bytes', changed(plain, 12, 64)],
    ['bytes behind the packet', Buffer.concat([plain, Buffer.from([0])])],
    ['a record that is not there', changed(plain, 10, 0, 1)],
    ['65,535 records that are not there', changed(plain, 6, 0xff, 0xff)],
    ['data that is cut off', changed(withEdns, withEdns.length - 2, 0, 1)],
    ['two OPT records', changed(Buffer.concat([withEdns, opt]), 10, 0, 2)],
    ['OPT among the answers', changed(withEdns, 6, 0, 1, 0, 0, 0, 0)],
    ['OPT of another name', changed(Buffer.concat([plain, Buffer.from([1, 0x61]), opt]), 10, 0, 1)],
    [
      'a packet that is too long',
      changed(Buffer.concat([withEdns, Buffer.alloc(5000)]), withEdns.length - 2, 0x13, 0x88),
    ],
  ])('%s is malformed', (_, packet) => {
    expect(answerTo(packet)).toMatchObject({ id: 4711, rcode: FORMERR, answers: [] });
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['half a header', plain.subarray(0, 11)],
    ['an answer', changed(plain, 2, 0x81)],
    ['a malformed answer', changed(plain, 2, 0x81, 0, 0, 0)],
  ])('%s gets no answer', (_, packet) => {
    expect(exampleResolver().handle(packet, { address: CLIENT, transport: 'udp' })).toBeUndefined();
  });
});

describe('EDNS and sizes', () => {
  it('echoes the OPT record with its own size, and the DO bit', () => {
    expect(ask('www.example.test').edns).toBeUndefined();
    expect(ask('www.example.test', 'A', { edns: { size: 4096 } }).edns).toEqual({
      size: 1232,
      version: 0,
      dnssecOk: false,
    });
    expect(ask('nothing.example.test', 'A', { edns: { dnssecOk: true } }).edns?.dnssecOk).toBe(true);
    expect(ask('www.example.test', 'A', { edns: { version: 9 } }).edns?.version).toBe(0);
  });

  it.each<[string, string, QueryShape, number]>([
    ['without EDNS', 'medium.example.test', {}, 512],
    ['that takes 512 bytes', 'medium.example.test', { edns: { size: 512 } }, 512],
    ['that takes less than it may', 'medium.example.test', { edns: { size: 1 } }, 512],
    ['that takes 700 bytes', 'medium.example.test', { edns: { size: 700 } }, 700],
    ['that takes more than we send', 'long.example.test', { edns: { size: 65535 } }, 1232],
  ])('leaves out whole records for a client %s', (_, name, shape, sizeMax) => {
    const answer = ask(name, 'TXT', shape);
    const all = EXAMPLE_RECORDS.filter(record => record.name === name).length;
    expect(answer.packet.flag_tc).toBe(true);
    expect(answer.sizeBytes).toBeLessThanOrEqual(sizeMax);
    // Not one more would have fitted.
    expect(answer.sizeBytes).toBeGreaterThan(sizeMax - 80);
    expect(answer.answers.length).toBeLessThan(all);
    expect(answer.edns === undefined).toBe(shape.edns === undefined);
  });

  it('has everything over TCP, and over UDP where it fits', () => {
    const overTcp = answerTo(queryBytes('long.example.test', 'TXT'), 'tcp');
    expect(overTcp.answers).toHaveLength(60);
    expect(overTcp.packet.flag_tc).toBe(false);
    const medium = ask('medium.example.test', 'TXT', { edns: { size: 1232 } });
    expect(medium.answers).toHaveLength(20);
    expect(medium.packet.flag_tc).toBe(false);
  });

  it('is truncated over TCP when 65,535 bytes are not enough', () => {
    const records = Array.from({ length: 400 }, () => ({
      name: 'a.test',
      type: 'TXT',
      ttl: 1,
      data: 'x'.repeat(250),
    }));
    const huge: Authority = { apexOf: () => 'test', lookup: () => ({ kind: 'answer', records }), soa: () => SOA };
    const answer = answerTo(queryBytes('a.test', 'TXT'), 'tcp', exampleResolver({ authorities: [huge] }));
    expect(answer.packet.flag_tc).toBe(true);
    expect(answer.sizeBytes).toBeGreaterThan(65_000);
  });

  it('tells a client that asks too often to come over TCP', () => {
    const answer = readAnswer(comeOverTcp(queryBytes('www.example.test', 'A', { edns: {} }))!);
    expect(answer).toMatchObject({ id: 4711, rcode: NOERROR, answers: [], packet: { flag_tc: true } });
    expect(comeOverTcp(queryBytes('www.example.test', 'A', { opcode: 4 }))).toBeUndefined();
  });
});

describe('the query log', () => {
  it('gets a line for each answer', () => {
    const reports: QueryReport[] = [];
    const resolver = exampleResolver({ onQuery: report => reports.push({ ...report, ms: 0 }) });
    const same = { zone: 'use1-az1', client: CLIENT, ms: 0, transport: 'udp' };
    answerTo(queryBytes('WWW.example.test', 'A'), 'udp', resolver);
    answerTo(queryBytes('nothing.example.test', 65280, { edns: { version: 1 } }), 'udp', resolver);
    answerTo(queryBytes('a.test', 'A', { opcode: 5 }), 'udp', resolver);
    expect(reports).toEqual([
      { ...same, name: 'www.example.test', type: 'A', rcode: 'NOERROR', answers: 2 },
      { ...same, name: 'nothing.example.test', type: 'TYPE65280', rcode: 'BADVERS', answers: 0 },
      { ...same, name: '', type: '', rcode: 'NOTIMP', answers: 0 },
    ]);
  });

  it('may fail', () => {
    const resolver = exampleResolver({
      onQuery: () => {
        throw new Error('full');
      },
    });
    expect(answerTo(queryBytes('www.example.test', 'A'), 'udp', resolver).rcode).toBe(NOERROR);
  });
});

describe('trouble on purpose', () => {
  const from = { address: CLIENT, transport: 'udp' } as const;
  const troubled = (trouble: QueryTrouble, clock = new SimClock()) => {
    const resolver = exampleResolver({ clock, trouble: name => (name === 'www.example.test' ? trouble : undefined) });
    return { resolver, clock };
  };
  const handled = async (resolver: Resolver) => {
    const answer = await resolver.handle(queryBytes('WWW.example.test', 'A'), from);
    return answer === undefined ? undefined : readAnswer(answer).rcode;
  };

  it.each([
    ['SERVFAIL', SERVFAIL],
    ['NXDOMAIN', NXDOMAIN],
    ['silence', undefined],
  ] as const)('%s', async (instead, rcode) => {
    const { resolver } = troubled({ delayMs: 0, instead });
    expect(await handled(resolver)).toBe(rcode);
    expect(answerTo(queryBytes('mail.example.test', 'A'), 'udp', resolver).rcode).not.toBe(SERVFAIL);
  });

  it('answers late, and holds a bounded number of queries', async () => {
    const { resolver, clock } = troubled({ delayMs: 100 });
    let late: number | undefined;
    void handled(resolver).then(rcode => {
      late = rcode;
    });
    for (let n = 1; n < 1024; n++) void handled(resolver);
    expect(await handled(resolver)).toBe(undefined);
    await clock.run(99);
    expect(late).toBe(undefined);
    await clock.run(101);
    expect(late).toBe(NOERROR);
  });

  it('is the same inside the process, where silence ends in an error', async () => {
    const resolved = async (trouble: QueryTrouble) => {
      const { resolver, clock } = troubled(trouble);
      const outcome = resolver.resolve('www.example.test', 'A').then(
        records => records.length,
        (error: Error) => error.message,
      );
      await clock.run(6000);
      return outcome;
    };
    expect(await resolved({ delayMs: 10 })).toBe(2);
    expect(await resolved({ delayMs: 0, instead: 'NXDOMAIN' })).toBe(0);
    for (const instead of ['SERVFAIL', 'silence'] as const) {
      expect(await resolved({ delayMs: 0, instead })).toBe(
        `www.example.test could not be resolved (injected: ${instead})`,
      );
    }
  });
});

describe('inside the process', () => {
  it('gives the records that a client would get', async () => {
    const resolver = exampleResolver();
    const records = await resolver.resolve('ALIAS.example.test.', 'AAAA');
    expect(records.map(({ name, type, data }) => [name, type, data])).toEqual([
      ['alias.example.test', 'CNAME', 'www.example.test'],
      ['www.example.test', 'AAAA', '2001:db8::1'],
    ]);
    expect(await resolver.resolve('nothing.example.test', 'A')).toEqual([]);
    expect(await resolver.resolve('www.elsewhere.test', 'A')).toEqual([]);
    await expect(resolver.resolve('a..b', 'A')).rejects.toThrow('empty label');
    await expect(resolver.resolve('a.b', 'NOTYPE')).rejects.toThrow('unknown record type');
  });
});
