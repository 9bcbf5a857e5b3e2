/** Queries as bytes, and answers as `dns-packet`, which had no part in writing their names and headers, reads them. */
import { type Answer, type DecodedPacket, decode, encode } from 'dns-packet';
import { typeNumber } from '../numbers.ts';

export interface QueryShape {
  readonly id?: number;
  readonly opcode?: number;
  /** RD, CD and the like; RD by default. */
  readonly flags?: number;
  readonly class?: number;
  readonly edns?: { readonly size?: number; readonly version?: number; readonly dnssecOk?: boolean };
}

/** A query for `name`, whose labels must be plain. */
export function queryBytes(name: string, type: string | number, shape: QueryShape = {}): Buffer {
  const opt = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: shape.edns?.size ?? 1232,
    ednsVersion: shape.edns?.version ?? 0,
    flags: shape.edns?.dnssecOk ? 0x8000 : 0,
    options: [],
  } as unknown as Answer;
  const bytes = encode({
    type: 'query',
    id: shape.id ?? 4711,
    flags: ((shape.opcode ?? 0) << 11) | (shape.flags ?? 0x0100),
    questions: [{ name, type: 'A' }],
    additionals: shape.edns === undefined ? [] : [opt],
  });
  const typeAt = 12 + (name === '.' ? 1 : name.length + 2);
  bytes.writeUInt16BE(typeof type === 'number' ? type : typeNumber(type), typeAt);
  bytes.writeUInt16BE(shape.class ?? 1, typeAt + 2);
  return bytes;
}

export interface ReadAnswer {
  readonly id: number;
  readonly rcode: number;
  readonly packet: DecodedPacket;
  /** `name type data` of each record, as one line. */
  readonly answers: readonly string[];
  readonly authorities: readonly string[];
  readonly additionals: readonly string[];
  readonly edns?: { readonly size: number; readonly version: number; readonly dnssecOk: boolean };
  readonly sizeBytes: number;
}

/** @throws Error when the bytes are no packet, or there are bytes behind it. */
export function readAnswer(bytes: Buffer): ReadAnswer {
  const packet = decode(bytes);
  if (decode.bytes !== bytes.length) throw new Error(`${bytes.length - decode.bytes} bytes behind the packet`);
  const options = packet.additionals?.find(each => each.type === 'OPT');
  const upper = options?.type === 'OPT' ? options.extendedRcode : 0;
  return {
    id: bytes.readUInt16BE(0),
    rcode: (bytes[3]! & 0xf) | (upper << 4),
    packet,
    answers: lines(packet.answers),
    authorities: lines(packet.authorities),
    additionals: lines(packet.additionals),
    ...(options?.type === 'OPT' && {
      edns: { size: options.udpPayloadSize, version: options.ednsVersion, dnssecOk: options.flag_do },
    }),
    sizeBytes: bytes.length,
  };
}

function lines(records: readonly Answer[] = []): string[] {
  return records.flatMap(each => (each.type === 'OPT' ? [] : [`${each.name} ${each.type} ${text(each.data)}`]));
}

function text(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Array.isArray(data)) return data.map(each => String(each)).join(' ');
  return JSON.stringify(data);
}
