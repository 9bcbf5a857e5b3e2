/** What an upstream said, for one client: the same bytes under its id, or records that continue a chain of aliases. */
import { decode } from 'dns-packet';
import { answerBytes } from './answer-bytes.ts';
import type { ResourceRecord } from './authority.ts';
import { canonicalName } from './names.ts';
import { RCODE, type Rcode } from './numbers.ts';
import { EDNS_BYTES, FLAG, HEADER_BYTES, type Query, readOptions } from './query.ts';

/** The upstream's answer as the client gets it, cut to nothing with TC when it is longer than `bytesMax`. */
export function forwardedBytes(answer: Buffer, query: Query, bytesMax: number): Buffer {
  if (answer.length > bytesMax) {
    return answerBytes(query, { rcode: RCODE.NOERROR, recursionAvailable: true, truncated: true }, bytesMax);
  }
  const bytes = Buffer.from(answer);
  bytes.writeUInt16BE(query.id, 0);
  // AA and AD are the upstream's word about itself, which nobody has checked here.
  const theirs = answer.readUInt16BE(2) & (FLAG.TC | 0xf);
  bytes.writeUInt16BE(FLAG.QR | FLAG.RA | query.flags | theirs, 2);
  bytes.set(query.question!.bytes, HEADER_BYTES);
  const options = readOptions(bytes, HEADER_BYTES + query.question!.bytes.length);
  // Sizes are agreed on hop by hop (RFC 6891 6.2.3).
  if (typeof options === 'number') bytes.writeUInt16BE(EDNS_BYTES, options + 2);
  return bytes;
}

export interface ForwardedRecords {
  readonly rcode: Rcode;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
}

/**
 * The records of an upstream's answer.
 * @throws Error when they cannot be read, or when the upstream says that it failed.
 */
export function forwardedRecords(answer: Buffer): ForwardedRecords {
  const rcode = answer.readUInt16BE(2) & 0xf;
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) throw new Error(`the upstream answers with code ${rcode}`);
  const { answers = [], authorities = [] } = decode(answer);
  return { rcode, answers: answers.map(asRecord), authorities: authorities.map(asRecord) };
}

function asRecord(decoded: NonNullable<ReturnType<typeof decode>['answers']>[number]): ResourceRecord {
  if (decoded.type === 'OPT') throw new Error('an OPT record among the answers');
  return { name: canonicalName(decoded.name), type: decoded.type, ttl: decoded.ttl ?? 0, data: decoded.data };
}
