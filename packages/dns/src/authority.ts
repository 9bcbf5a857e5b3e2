/**
 * What the resolver asks of whoever knows names: the region's topology, hosted zones. It puts the question to the
 * authority whose zone lies closest to the name, and does the rest itself: following aliases, negative answers, packets.
 */

/** Record types by their mnemonic: `A`, `AAAA`, `CNAME`, `TXT`, ... */
export type RecordType = string;

/** One record. `data` has the shape that `dns-packet` reads and writes for the type. */
export interface ResourceRecord {
  /**
   * Lower case, without the last dot; the root is the empty text. As in all names here, a dot or backslash inside a label
   * is `\.` or `\\`, and a byte that is not printable ASCII is `\DDD` in decimal (RFC 1035 5.1).
   */
  readonly name: string;
  readonly type: RecordType;
  /** In seconds. */
  readonly ttl: number;
  /** Bytes stand for themselves, for types that `dns-packet` does not know (HTTPS, SVCB) and for those it does. */
  readonly data: unknown;
}

/** Who asked, and where: answers differ from zone to zone and from region to region (split horizon). */
export interface Asked {
  /** Availability zone of the resolver that was asked, by id. */
  readonly zone: string;
  readonly region: string;
  /** Address of the client. */
  readonly client: string;
}

/** `answer` without records of the type asked for, but with a CNAME, is followed by the resolver. */
export type Lookup =
  | { readonly kind: 'answer'; readonly records: readonly ResourceRecord[] }
  /** The name exists, the type does not. */
  | { readonly kind: 'no-data' }
  | { readonly kind: 'no-such-name' }
  /** The name lies below a zone cut: the NS records of the child zone. */
  | { readonly kind: 'delegation'; readonly records: readonly ResourceRecord[] };

export interface Authority {
  /** The apex of the closest zone that `name` lies in; undefined when there is none. */
  apexOf(name: string, asked: Asked): string | undefined;
  /** What the zone at `apex` says of a name; `name` is lower case and without the last dot. */
  lookup(apex: string, name: string, type: RecordType, asked: Asked): Lookup;
  /** The zone's SOA record, which negative answers carry. */
  soa(apex: string, asked: Asked): ResourceRecord;
}
