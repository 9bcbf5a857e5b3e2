/**
 * Puts a question to the authorities and follows aliases from one to the next. What they cannot say stands in `unknown`,
 * for whoever can ask elsewhere.
 */
import type { Asked, Authority, Lookup, RecordType, ResourceRecord } from './authority.ts';
import { canonicalName } from './names.ts';
import { RCODE, type Rcode } from './numbers.ts';

/** Aliases of one answer; a chain that is longer, or goes in circles, is answered with what was found so far. */
const ALIASES_MAX = 8;

export interface Found {
  readonly rcode: Rcode;
  /** An authority knew the name that was asked for. */
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  /** The name at which the authorities' knowledge ended: the one asked for, or where an alias leads. */
  readonly unknown?: string;
}

interface Closest {
  readonly authority: Authority;
  readonly apex: string;
}

const NOTHING: readonly ResourceRecord[] = [];

/**
 * Everything the authorities know. `name` is lower case, without the last dot.
 * @throws whatever an authority throws, and RangeError when an alias leads to something that is no name.
 */
export function find(authorities: readonly Authority[], name: string, type: RecordType, asked: Asked): Found {
  const answers: ResourceRecord[] = [];
  const seen = [name];
  const start = closest(authorities, name, asked);
  const done = (more: Partial<Found> = {}): Found => ({
    rcode: RCODE.NOERROR,
    authoritative: start !== undefined,
    answers,
    authorities: NOTHING,
    additionals: NOTHING,
    ...more,
  });

  for (let at = name, zone = start; ; zone = closest(authorities, at, asked)) {
    if (zone === undefined) return done({ unknown: at });
    const said = ask(zone, at, type, asked);
    switch (said.kind) {
      case 'no-data':
        return done({ authorities: [negative(zone, asked)] });
      case 'no-such-name':
        // The code speaks of the last name of the chain (RFC 6604 3).
        return done({ rcode: RCODE.NXDOMAIN, authorities: [negative(zone, asked)] });
      case 'delegation': {
        const isCut = ({ type }: ResourceRecord) => type === 'NS' || type === 'DS';
        return done({
          authoritative: answers.length > 0,
          authorities: said.records.filter(isCut),
          additionals: said.records.filter(record => !isCut(record)),
        });
      }
      case 'answer': {
        answers.push(...said.records);
        const alias = said.records.findLast(record => record.type === 'CNAME');
        if (alias === undefined || said.records.some(record => record.type === type) || type === 'ANY') return done();
        const target = canonicalName(String(alias.data));
        if (seen.includes(target) || seen.length > ALIASES_MAX) return done();
        seen.push(target);
        at = target;
      }
    }
  }
}

/** The authority whose zone lies closest to the name; the earlier one in the list when two have the same zone. */
function closest(authorities: readonly Authority[], name: string, asked: Asked): Closest | undefined {
  let best: Closest | undefined;
  for (const authority of authorities) {
    const apex = authority.apexOf(name, asked);
    if (apex !== undefined && (best === undefined || apex.length > best.apex.length)) best = { authority, apex };
  }
  return best;
}

/** ANY gets one record set, or a made-up one that says why there are no more (RFC 8482 4). */
function ask({ authority, apex }: Closest, name: string, type: RecordType, asked: Asked): Lookup {
  if (type !== 'ANY') return authority.lookup(apex, name, type, asked);
  const said = authority.lookup(apex, name, 'HINFO', asked);
  if (said.kind !== 'no-data') return said;
  return { kind: 'answer', records: [{ name, type: 'HINFO', ttl: 3600, data: { cpu: 'RFC8482', os: '' } }] };
}

/** The SOA record of a negative answer: it lives as long as the answer may be remembered (RFC 2308 5). */
function negative({ authority, apex }: Closest, asked: Asked): ResourceRecord {
  const soa = authority.soa(apex, asked);
  const { minimum } = soa.data as { readonly minimum?: number };
  return minimum === undefined || minimum >= soa.ttl ? soa : { ...soa, ttl: minimum };
}
