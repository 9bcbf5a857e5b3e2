/** Numbers of the protocol and their mnemonics (IANA, Domain Name System Parameters). */
import type { RecordType } from './authority.ts';

/** Response codes. `BADVERS` does not fit into the header: its upper bits travel in the OPT record. */
export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;
export type Rcode = (typeof RCODE)[keyof typeof RCODE];

/** The mnemonic of a response code; `RCODE11` for one that has no name here. */
export const rcodeName = (code: number): string =>
  Object.entries(RCODE).find(([, number]) => number === code)?.[0] ?? `RCODE${code}`;

export const CLASS_IN = 1;

const NUMBERS: Readonly<Record<RecordType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
};
const MNEMONICS = new Map(Object.entries(NUMBERS).map(([mnemonic, number]) => [number, mnemonic]));

/** `A`, `TXT`, ...; `TYPE65280` for a type without a name (RFC 3597). */
export const typeName = (number: number): RecordType => MNEMONICS.get(number) ?? `TYPE${number}`;

/** @throws RangeError when the type is unknown. */
export function typeNumber(type: RecordType): number {
  const known = NUMBERS[type];
  if (known !== undefined) return known;
  // `dns-packet` calls types that it does not know UNKNOWN_n.
  const number = Number(/^(?:TYPE|UNKNOWN_)(\d{1,5})$/.exec(type)?.[1] ?? Number.NaN);
  if (!(number <= 0xffff)) throw new RangeError(`unknown record type ${type}`);
  return number;
}

/** Types that only make sense in a question or beside a message: 128 to 255 (RFC 6895 3.1), and OPT. */
export const isMetaType = (number: number): boolean => (number >= 128 && number <= 255) || number === NUMBERS.OPT;
