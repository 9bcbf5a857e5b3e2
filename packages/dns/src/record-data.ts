/**
 * The data of a record as bytes. `dns-packet` writes what has no names in it. It does not check what it is given: texts
 * of more than 255 bytes wrap round and the packet no longer parses, addresses become other addresses, and it changes
 * the lists it is handed. So everything is looked at first and handed over as a copy.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { type Answer, encode } from 'dns-packet';
import type { ResourceRecord } from './authority.ts';
import { NAME_BYTES_MAX, writeName } from './names.ts';

const TEXT_BYTES_MAX = 255;
/** Bytes before the data when a record of the root is all that a packet holds: header, name, type, class, TTL, length. */
const DATA_OFFSET = 12 + 1 + 10;

type Fields = Readonly<Record<string, unknown>>;
type Writer = (data: unknown) => Uint8Array;

const WRITERS: Readonly<Record<string, Writer>> = {
  A: data => byLibrary('A', address(data, isIPv4)),
  AAAA: data => byLibrary('AAAA', address(data, isIPv6)),
  CNAME: data => joined(nameBytes(data)),
  DNAME: data => joined(nameBytes(data)),
  NS: data => joined(nameBytes(data)),
  PTR: data => joined(nameBytes(data)),
  MX: data => joined(numbers16(data, 'preference'), nameBytes(fields(data).exchange)),
  SRV: data => joined(numbers16(data, 'priority', 'weight', 'port'), nameBytes(fields(data).target)),
  SOA: data => {
    const { mname, rname } = fields(data);
    const timers = numbers32(data, 'serial', 'refresh', 'retry', 'expire', 'minimum');
    return joined(nameBytes(mname), nameBytes(rname), timers);
  },
  TXT: data => byLibrary('TXT', texts(data)),
  SPF: data => byLibrary('TXT', texts(data)),
  CAA: data => {
    textBytes(fields(data).tag);
    return byLibrary('CAA', { ...fields(data) });
  },
  HINFO: data => {
    textBytes(fields(data).cpu);
    textBytes(fields(data).os);
    return byLibrary('HINFO', data);
  },
  NAPTR: data => {
    for (const key of ['flags', 'services', 'regexp']) textBytes(fields(data)[key]);
    // The name is written here, behind the empty one of the library's answer.
    const start = byLibrary('NAPTR', { ...fields(data), replacement: '.' });
    return joined(start.subarray(0, -1), nameBytes(fields(data).replacement));
  },
};

/**
 * The bytes of a record's data. Data given as bytes is taken as it is, for every type but TXT.
 * @throws Error when the data does not fit the type.
 */
export function dataBytes({ type, data }: ResourceRecord): Uint8Array {
  const writer = WRITERS[type];
  if (data instanceof Uint8Array && type !== 'TXT' && type !== 'SPF') return data;
  return writer === undefined ? byLibrary(type, data) : writer(data);
}

function byLibrary(type: string, data: unknown): Uint8Array {
  const packet = encode({ answers: [{ name: '.', type, data } as Answer] });
  return packet.subarray(DATA_OFFSET);
}

const joined = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

function nameBytes(name: unknown): Uint8Array {
  if (typeof name !== 'string') throw new TypeError(`${JSON.stringify(name)} is no name`);
  const bytes = Buffer.allocUnsafe(NAME_BYTES_MAX + 1);
  return bytes.subarray(0, writeName(name, bytes, 0));
}

function fields(data: unknown): Fields {
  if (typeof data !== 'object' || data === null) throw new TypeError(`${JSON.stringify(data)} is no record data`);
  return data as Fields;
}

/** The fields named as numbers of 16 bits; one that is absent counts as 0. */
function numbers16(data: unknown, ...keys: string[]): Uint8Array {
  const bytes = Buffer.alloc(2 * keys.length);
  for (const [index, key] of keys.entries()) bytes.writeUInt16BE(Number(fields(data)[key] ?? 0), 2 * index);
  return bytes;
}

function numbers32(data: unknown, ...keys: string[]): Uint8Array {
  const bytes = Buffer.alloc(4 * keys.length);
  for (const [index, key] of keys.entries()) bytes.writeUInt32BE(Number(fields(data)[key] ?? 0), 4 * index);
  return bytes;
}

function address(data: unknown, valid: (text: string) => boolean): unknown {
  if (typeof data !== 'string' || !valid(data)) throw new TypeError(`${JSON.stringify(data)} is no such address`);
  return data;
}

function texts(data: unknown): Buffer[] {
  const list = Array.isArray(data) ? data : [data];
  if (list.length === 0) throw new TypeError('a text record without texts');
  return list.map(textBytes);
}

function textBytes(text: unknown): Buffer {
  if (typeof text !== 'string' && !(text instanceof Uint8Array)) {
    throw new TypeError(`${JSON.stringify(text)} is no text`);
  }
  const bytes = Buffer.from(text);
  if (bytes.length > TEXT_BYTES_MAX) throw new RangeError(`a text of ${bytes.length} bytes; 255 is the limit`);
  return bytes;
}
