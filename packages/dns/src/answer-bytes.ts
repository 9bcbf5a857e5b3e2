/**
 * Writes answers. The question is echoed byte for byte, and names in the answer that lie in it point to it, so that they
 * carry the letter case that the client sent. Records that do not fit are left out whole, and TC says so.
 */
import type { ResourceRecord } from './authority.ts';
import { writeName } from './names.ts';
import { CLASS_IN, type Rcode, typeNumber } from './numbers.ts';
import { EDNS_BYTES, FLAG, HEADER_BYTES, type Query } from './query.ts';
import { dataBytes } from './record-data.ts';

export interface AnswerParts {
  readonly rcode: Rcode;
  readonly authoritative?: boolean;
  readonly recursionAvailable?: boolean;
  readonly answers?: readonly ResourceRecord[];
  readonly authorities?: readonly ResourceRecord[];
  readonly additionals?: readonly ResourceRecord[];
  /** Says TC although nothing was left out: the client is to come again over TCP. */
  readonly truncated?: boolean;
}

const OPT_BYTES = 11;
const TTL_SECONDS_MAX = 0x7fffffff;
const NAME_TYPES = new Set(['CNAME', 'NS', 'PTR', 'DNAME']);
/** Compression reaches offsets of 14 bits. */
const POINTER_MAX = 0x3fff;

// Answers are made in one go, without waiting, so that one place to write them is enough.
const draft = Buffer.alloc(0xffff);

/**
 * The answer's bytes, at most `bytesMax` of them (512 at least).
 * @throws Error when a record's name or data is not what its type asks for.
 */
export function answerBytes(query: Query, parts: AnswerParts, bytesMax: number): Buffer {
  const space = bytesMax - (query.edns === undefined ? 0 : OPT_BYTES);
  const page = new Page(query.question, space);
  const counts = [parts.answers, parts.authorities, parts.additionals].map(records => page.writeAll(records ?? []));
  if (query.edns !== undefined) page.writeOptions(parts.rcode, query.edns.dnssecOk);

  const flags =
    FLAG.QR |
    (query.opcode << 11) |
    (parts.authoritative ? FLAG.AA : 0) |
    (page.isFull || parts.truncated ? FLAG.TC : 0) |
    query.flags |
    (parts.recursionAvailable ? FLAG.RA : 0) |
    (parts.rcode & 0xf);
  draft.writeUInt16BE(query.id, 0);
  draft.writeUInt16BE(flags, 2);
  draft.writeUInt16BE(query.question === undefined ? 0 : 1, 4);
  draft.writeUInt16BE(counts[0]!, 6);
  draft.writeUInt16BE(counts[1]!, 8);
  draft.writeUInt16BE(counts[2]! + (query.edns === undefined ? 0 : 1), 10);
  return Buffer.from(draft.subarray(0, page.end));
}

/** What is being written behind the header. */
class Page {
  end = HEADER_BYTES;
  isFull = false;
  readonly #question: string | undefined;
  readonly #space: number;
  /** Name that the latest record leads to, and where it stands: in a chain of aliases it owns the next record. */
  #target = '';
  #targetAt = 0;

  constructor(question: Query['question'], space: number) {
    this.#space = space;
    if (question === undefined) return;
    draft.set(question.bytes, HEADER_BYTES);
    this.end += question.bytes.length;
    // Escapes would make text offsets differ from those on the wire; such names go without compression.
    this.#question = question.name.includes('\\') ? undefined : question.name;
  }

  /** Writes records until one does not fit; returns how many there are. */
  writeAll(records: readonly ResourceRecord[]): number {
    let count = 0;
    for (const record of records) {
      if (this.isFull || !this.#write(record)) {
        this.isFull = true;
        break;
      }
      count++;
    }
    return count;
  }

  writeOptions(rcode: Rcode, dnssecOk: boolean): void {
    const at = this.end;
    draft[at] = 0;
    draft.writeUInt16BE(typeNumber('OPT'), at + 1);
    draft.writeUInt16BE(EDNS_BYTES, at + 3);
    draft[at + 5] = rcode >> 4;
    draft[at + 6] = 0;
    draft.writeUInt16BE(dnssecOk ? 0x8000 : 0, at + 7);
    draft.writeUInt16BE(0, at + 9);
    this.end = at + OPT_BYTES;
  }

  #write(record: ResourceRecord): boolean {
    const data = dataBytes(record);
    // The longest name, so that nothing is written beyond the draft.
    const at = this.end + 266 + data.length > draft.length ? undefined : this.#writeOwner(record.name);
    if (at === undefined || at + 10 + data.length > this.#space) return false;
    draft.writeUInt16BE(typeNumber(record.type), at);
    draft.writeUInt16BE(CLASS_IN, at + 2);
    draft.writeUInt32BE(Math.min(Math.max(Math.trunc(record.ttl), 0), TTL_SECONDS_MAX), at + 4);
    draft.writeUInt16BE(data.length, at + 8);
    draft.set(data, at + 10);
    if (NAME_TYPES.has(record.type)) {
      this.#target = String(record.data);
      this.#targetAt = at + 10;
    }
    this.end = at + 10 + data.length;
    return true;
  }

  #writeOwner(name: string): number {
    const question = this.#question;
    if (question !== undefined && name !== '') {
      const labelsBefore = question.length - name.length;
      const within = labelsBefore > 0 && question.endsWith(name) && question[labelsBefore - 1] === '.';
      if (within || question === name) return this.#writePointer(HEADER_BYTES + labelsBefore);
    }
    if (name !== '' && name === this.#target && this.#targetAt <= POINTER_MAX)
      return this.#writePointer(this.#targetAt);
    return writeName(name, draft, this.end);
  }

  #writePointer(to: number): number {
    draft.writeUInt16BE(0xc000 | to, this.end);
    return this.end + 2;
  }
}
