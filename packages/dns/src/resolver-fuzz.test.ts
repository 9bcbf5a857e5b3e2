import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { decode } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { RCODE } from './numbers.ts';
import type { Resolver } from './resolver.ts';
import { exampleResolver } from './testing/example-zone.ts';
import { mutated, validQueries } from './testing/mutations.ts';
import { queryBytes, readAnswer } from './testing/packets.ts';

const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const PACKETS = 100_000;

/** What is wrong with the answer to a packet; undefined when nothing is. */
function complaint(packet: Buffer, resolver: Resolver, random: Random): string | undefined {
  const transport = pick(random, ['udp', 'tcp'] as const);
  const before = Buffer.from(packet);
  const answer = resolver.handle(packet, { address: '127.0.0.1', transport });
  if (!packet.equals(before)) return 'the packet was changed';
  const mayAnswer = packet.length >= 12 && (packet[2]! & 0x80) === 0;
  if (answer === undefined) return mayAnswer ? 'no answer' : undefined;
  if (!mayAnswer) return 'an answer to what is no query';
  if (answer instanceof Promise) return 'a promise';
  const { id, rcode, packet: read, sizeBytes } = readAnswer(answer);
  if (!read.flag_qr || id !== packet.readUInt16BE(0)) return 'not the answer to this query';
  if (!Object.values(RCODE).includes(rcode as (typeof RCODE)['NOERROR'])) return `code ${rcode}`;
  if (rcode === RCODE.SERVFAIL && !/broken/i.test(packet.toString('latin1'))) return 'SERVFAIL';
  if (transport === 'udp' && sizeBytes > 1232) return `${sizeBytes} bytes over UDP`;
  return undefined;
}

describe('packets that nobody would send', () => {
  it(`${PACKETS} damaged queries: nothing throws, and every answer is one (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const resolver = exampleResolver();
    const valid = validQueries();
    const codes = new Map<number, number>();
    for (let round = 0; round < PACKETS; round++) {
      const packet = mutated(pick(random, valid), random);
      const wrong = complaint(packet, resolver, random);
      if (wrong !== undefined) expect.fail(`${wrong}: ${packet.toString('hex')} (seed ${SEED}, round ${round})`);
      const answer = resolver.handle(packet, { address: '127.0.0.1', transport: 'udp' });
      if (answer instanceof Buffer) codes.set(answer[3]! & 0xf, (codes.get(answer[3]! & 0xf) ?? 0) + 1);
    }
    // The mutations reach all kinds of answers, or they prove little.
    expect([...codes.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Math.min(...codes.values())).toBeGreaterThan(10);
  });

  it('random bytes behind a good header', () => {
    const random = seededRandom(SEED);
    const resolver = exampleResolver();
    for (let round = 0; round < 20_000; round++) {
      const packet = Buffer.concat([
        Buffer.from([1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, randomInt(random, 3)]),
        random.bytes(randomInt(random, 80)),
      ]);
      expect(complaint(packet, resolver, random)).toBeUndefined();
    }
  });

  it('with pointers that go in circles: they are never followed', () => {
    const question = queryBytes('www.example.test', 'A');
    // 200 records, each named by a pointer to itself.
    const records = Array.from({ length: 200 }, (_, at) => {
      const pointer = 0xc000 | (question.length + 12 * at);
      return Buffer.from([pointer >> 8, pointer & 0xff, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    });
    const packet = Buffer.concat([question, ...records]);
    packet.writeUInt16BE(records.length, 10);
    expect(() => decode(packet)).toThrow('bad pointer');
    const answer = exampleResolver().handle(packet, { address: '127.0.0.1', transport: 'tcp' }) as Buffer;
    expect(readAnswer(answer)).toMatchObject({ rcode: RCODE.NOERROR, answers: { length: 2 } });
  });
});
