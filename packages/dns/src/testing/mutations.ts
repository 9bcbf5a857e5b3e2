/** Damaged queries, drawn from a seed: for tests in memory here and over sockets elsewhere. */
import { pick, type Random, randomInt } from '@stormglass/base';
import { queryBytes } from './packets.ts';

/** Good queries of all kinds, against the example zone. */
export function validQueries(): Buffer[] {
  const names = ['www', 'alias-two', 'nothing', 'loop-a', 'a.child', 'medium', 'long', 'broken', 'deep.empty'];
  const types = ['A', 'TXT', 'ANY', 'SOA', 'AXFR', 65280];
  const shapes = [{}, { edns: {} }, { edns: { size: 512, dnssecOk: true } }, { opcode: 5 }, { class: 3 }];
  const queries = names.flatMap(name =>
    types.flatMap(type => shapes.map(shape => queryBytes(`${name}.example.test`, type, shape))),
  );
  return [...queries, queryBytes('.', 'NS'), queryBytes('www.elsewhere.test', 'A')];
}

const INTERESTING = [0, 1, 2, 0x0c, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xff];

type Mutation = (packet: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  packet => packet,
  (packet, random) => changed(packet, randomInt(random, packet.length), randomInt(random, 256)),
  (packet, random) => changed(packet, randomInt(random, packet.length), pick(random, INTERESTING)),
  // The header: flags and counts.
  (packet, random) => changed(packet, 2 + randomInt(random, 10), pick(random, INTERESTING)),
  // One bit.
  (packet, random) => {
    const at = randomInt(random, packet.length);
    return changed(packet, at, packet[at]! ^ (1 << randomInt(random, 8)));
  },
  (packet, random) => packet.subarray(0, randomInt(random, packet.length)),
  (packet, random) => Buffer.concat([packet, random.bytes(1 + randomInt(random, 40))]),
  // Bytes taken out of the middle, and put in.
  (packet, random) => {
    const at = randomInt(random, packet.length);
    return Buffer.concat([packet.subarray(0, at), packet.subarray(at + 1 + randomInt(random, 4))]);
  },
  (packet, random) => {
    const at = randomInt(random, packet.length);
    return Buffer.concat([packet.subarray(0, at), random.bytes(1 + randomInt(random, 4)), packet.subarray(at)]);
  },
  // A pointer somewhere, to anywhere close.
  (packet, random) => {
    const at = 12 + randomInt(random, Math.max(packet.length - 14, 1));
    return changed(changed(packet, at, 0xc0), at + 1, randomInt(random, packet.length));
  },
  // Everything behind the header twice.
  packet => Buffer.concat([packet, packet.subarray(12)]),
];

function changed(packet: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(packet);
  if (at < copy.length) copy[at] = byte;
  return copy;
}

/** One to three mutations of a packet; the packet itself is not touched. */
export function mutated(packet: Buffer, random: Random): Buffer {
  let out = Buffer.from(packet);
  for (let count = 1 + randomInt(random, 3); count > 0 && out.length > 0; count--) {
    out = Buffer.from(pick(random, MUTATIONS)(out, random));
  }
  return out;
}
