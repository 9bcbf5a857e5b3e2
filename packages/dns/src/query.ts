/**
 * Reads a query with nothing trusted: the header, one question, and the OPT record among what follows. Compression is
 * never followed and nothing is allocated by what a packet claims to hold, so that reading takes time by its bytes only;
 * `dns-packet` would follow chains of pointers again for every record.
 */
import { readName } from './names.ts';
import { RCODE, type Rcode } from './numbers.ts';

export const HEADER_BYTES = 12;
/** A longer query is malformed: a question and its options need a few hundred bytes. */
export const QUERY_BYTES_MAX = 4096;
/** What a client takes that says nothing else (RFC 1035 4.2.1). */
const PLAIN_BYTES = 512;
/** What crosses every network in one piece, and what answers over UDP keep to (DNS Flag Day 2020). */
export const EDNS_BYTES = 1232;

export const FLAG = { QR: 0x8000, AA: 0x0400, TC: 0x0200, RD: 0x0100, RA: 0x0080, CD: 0x0010 } as const;
const OPT = 41;

export interface Question {
  /** Lower case, as `names.ts` has it. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** The bytes of the question as they were sent: they are echoed, letter case included. */
  readonly bytes: Uint8Array;
}

/** What the client's OPT record says (RFC 6891 6.1). */
export interface Edns {
  readonly version: number;
  /** Largest answer over UDP, in bytes; at least 512, at most 1232. */
  readonly sizeBytes: number;
  readonly dnssecOk: boolean;
}

/** A packet that deserves an answer: a `problem` is answered with that code, whatever else was read. */
export interface Query {
  readonly id: number;
  readonly opcode: number;
  /** RD and CD as the client set them. */
  readonly flags: number;
  readonly question?: Question;
  readonly edns?: Edns;
  readonly problem?: Rcode;
}

/** Reads a packet; undefined when it must not be answered: no whole header, or itself an answer. */
export function readQuery(packet: Buffer): Query | undefined {
  if (packet.length < HEADER_BYTES) return undefined;
  const word = packet.readUInt16BE(2);
  if (word & FLAG.QR) return undefined;
  const opcode = (word >> 11) & 0xf;
  const head = { id: packet.readUInt16BE(0), opcode, flags: word & (FLAG.RD | FLAG.CD) };
  if (opcode !== 0) return { ...head, problem: RCODE.NOTIMP };
  const malformed: Query = { ...head, problem: RCODE.FORMERR };
  if (packet.length > QUERY_BYTES_MAX || packet.readUInt16BE(4) !== 1) return malformed;
  const name = readName(packet, HEADER_BYTES);
  if (name === undefined || name.end + 4 > packet.length) return malformed;
  const question: Question = {
    name: name.text,
    type: packet.readUInt16BE(name.end),
    class: packet.readUInt16BE(name.end + 2),
    bytes: packet.subarray(HEADER_BYTES, name.end + 4),
  };
  const options = readOptions(packet, name.end + 4);
  if (options === 'malformed') return { ...malformed, question };
  if (options === undefined) return { ...head, question };
  const edns = readEdns(packet, options);
  return edns.version > 0 ? { ...head, question, edns, problem: RCODE.BADVERS } : { ...head, question, edns };
}

/** The size that an answer must keep to. */
export const answerBytesMax = (query: Query, transport: 'udp' | 'tcp'): number =>
  transport === 'tcp' ? 0xffff : (query.edns?.sizeBytes ?? PLAIN_BYTES);

/** Walks the records behind the question; gives the offset of the OPT record's type, or undefined without one. */
export function readOptions(packet: Buffer, from: number): number | undefined | 'malformed' {
  const before = packet.readUInt16BE(6) + packet.readUInt16BE(8);
  const records = before + packet.readUInt16BE(10);
  let opt: number | undefined;
  let at = from;
  for (let index = 0; index < records; index++) {
    const type = skipName(packet, at);
    if (type === undefined || type + 10 > packet.length) return 'malformed';
    if (packet.readUInt16BE(type) === OPT) {
      // One OPT record, of the root, among the additional records (RFC 6891 6.1.1).
      if (opt !== undefined || index < before || packet[at] !== 0) return 'malformed';
      opt = type;
    }
    at = type + 10 + packet.readUInt16BE(type + 8);
    if (at > packet.length) return 'malformed';
  }
  return at === packet.length ? opt : 'malformed';
}

/** The offset behind a name that may end in a pointer; pointers are not followed. */
function skipName(packet: Buffer, from: number): number | undefined {
  for (let at = from; ; ) {
    const length = packet[at];
    if (length === undefined) return undefined;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length >= 0x40) return undefined;
    at += 1 + length;
    if (at - from >= 255) return undefined;
  }
}

function readEdns(packet: Buffer, type: number): Edns {
  return {
    version: packet[type + 5]!,
    sizeBytes: Math.min(Math.max(packet.readUInt16BE(type + 2), PLAIN_BYTES), EDNS_BYTES),
    dnssecOk: (packet[type + 6]! & 0x80) !== 0,
  };
}
